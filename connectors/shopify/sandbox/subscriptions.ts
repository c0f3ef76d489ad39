import { nextId } from "../../sandbox/market.ts";
import type { ShopifyMoment } from "./state.ts";

/** webhookSubscriptions, and what makes and deletes them. */
export function subscriptionRoot({ state }: ShopifyMoment) {
  return {
    webhookSubscriptions: ({ uri }: { uri?: string }) => ({
      nodes: state.subscriptions.filter((one) => uri === undefined || one.uri === uri),
    }),
    webhookSubscriptionCreate: ({ topic, webhookSubscription }: CreateArgs) => {
      const { uri } = webhookSubscription;
      if (state.subscriptions.some((one) => one.topic === topic && one.uri === uri)) {
        const message = "Address for this topic has already been taken";
        return { webhookSubscription: null, userErrors: [{ field: ["uri"], message }] };
      }
      const id = `gid://shopify/WebhookSubscription/${nextId(state.market)}`;
      const made = { id, topic, uri };
      state.subscriptions.push(made);
      state.market.door = uri;
      return { webhookSubscription: made, userErrors: [] };
    },
    webhookSubscriptionDelete: ({ id }: { id: string }) => {
      const known = state.subscriptions.some((one) => one.id === id);
      state.subscriptions = state.subscriptions.filter((one) => one.id !== id);
      if (state.subscriptions.length === 0) state.market.door = null;
      const message = "Webhook subscription does not exist";
      return {
        deletedWebhookSubscriptionId: known ? id : null,
        userErrors: known ? [] : [{ field: ["id"], message }],
      };
    },
  };
}

interface CreateArgs {
  topic: string;
  webhookSubscription: { uri: string };
}
