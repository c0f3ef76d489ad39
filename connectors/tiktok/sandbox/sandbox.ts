import type { SandboxDefinition } from "../../sandbox/definition.ts";
import { skuId, TIKTOK_HOUSE, TIKTOK_SANDBOX } from "./account.ts";
import { orderHandlers } from "./orders.ts";
import { productHandlers } from "./products.ts";
import { returnHandlers } from "./returns.ts";
import { emptyTikTok, type TikTokState } from "./state.ts";
import { subscriptionHandlers } from "./subscriptions.ts";
import { tokenHandlers } from "./tokens.ts";
import { updateHandlers } from "./update-inventory.ts";
import { cancellationNews, editNews, orderNews, returnNews, webhookHeaders } from "./webhook.ts";

/** An imitation of one TikTok Shop, the Open API and its webhooks. */
export const tiktokSandbox: SandboxDefinition<TikTokState> = {
  channel: "tiktok",
  account: TIKTOK_SANDBOX,
  house: TIKTOK_HOUSE,
  realisticLag: { minMs: 2_000, maxMs: 30_000 },
  empty: emptyTikTok,
  handlers: (moment) => [
    ...tokenHandlers(moment),
    ...productHandlers(moment),
    ...updateHandlers(moment),
    ...orderHandlers(moment),
    ...returnHandlers(moment),
    ...subscriptionHandlers(moment),
  ],
  externalId: skuId,
  // A part of an order that is cancelled changes no status: only the cancellation is told.
  message: (state, order, news, now) =>
    news === "cancelled" && order.cancelledAt === null
      ? cancellationNews(state, order, now)
      : orderNews(state, order, now),
  returnMessage: returnNews,
  editMessage: editNews,
  doorHeaders: webhookHeaders,
};
