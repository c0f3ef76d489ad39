import { emit } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { AMAZON_SANDBOX } from "./account.ts";
import type { AmazonMoment, AmazonState } from "./state.ts";

const TYPE = "LISTINGS_ITEM_MFN_QUANTITY_CHANGE";

/** The newest `count` pushes will be told of once buyers see them, if somebody asked for that. */
export function expectEchoes(state: AmazonState, count: number): void {
  if (!state.subscriptions[TYPE] || count === 0) return;
  const pushes = state.market.pushes.slice(-count);
  state.echoes.push(
    ...pushes.map(({ sku, quantity, landsAt }) => ({ sku, quantity, due: landsAt })),
  );
}

/** Puts what buyers see by now into the queue, as an EventBridge rule hands it on. */
export function tellEchoes({ state, now }: AmazonMoment): void {
  const due = state.echoes.filter((echo) => echo.due <= now);
  if (due.length === 0) return;
  state.echoes = state.echoes.filter((echo) => echo.due > now);
  for (const { sku, quantity, due: at } of due) {
    const id = uuid(state.market);
    emit(state.market, { id, topic: TYPE, body: quantityChange(id, sku, quantity, at) }, now);
  }
}

/** Told at once: nothing of it is on its way. */
export function editEcho(state: AmazonState, sku: string, quantity: number, at: number) {
  if (!state.subscriptions[TYPE]) return null;
  const id = uuid(state.market);
  return { id, topic: TYPE, body: quantityChange(id, sku, quantity, at) };
}

function quantityChange(id: string, sku: string, quantity: number, at: number): string {
  const time = new Date(at).toISOString();
  return JSON.stringify({
    version: "0",
    id,
    "detail-type": TYPE,
    source: "aws.partner/sellingpartnerapi.amazon.com/sandbox",
    account: "123456789012",
    time,
    region: "us-east-1",
    resources: [],
    detail: {
      NotificationVersion: "1.0",
      NotificationType: TYPE,
      PayloadVersion: "1.0",
      EventTime: time,
      Payload: {
        SellerId: AMAZON_SANDBOX.account,
        FulfillmentChannelCode: "DEFAULT",
        Sku: sku,
        Quantity: quantity,
      },
      NotificationMetadata: {
        ApplicationId: "amzn1.sp.solution.sandbox",
        SubscriptionId: "sandbox-subscription",
        PublishTime: time,
        NotificationId: id,
      },
    },
  });
}
