import { expect, test } from "vitest";
import type { Account } from "../../../connectors/connector.ts";
import { hintOf } from "../../../connectors/tiktok/message.ts";
import { signWebhook } from "../../../connectors/tiktok/sign.ts";
import { verifyWebhook } from "../../../connectors/tiktok/verify.ts";
import { readModel } from "../models.ts";

const SHOP = "7495540735365777507";
const account: Account = {
  connection: "c",
  settings: { shopId: SHOP },
  secrets: { appKey: "abcdef", appSecret: "123" },
};

const envelope = (type: number, data: unknown = {}, shop: string | number = SHOP) => ({
  ...{ type, tts_notification_id: "7380066284010030890", shop_id: shop, timestamp: 1 },
  data,
});

function webhook(body: unknown, { secret = "123", name = "Authorization" } = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const raw = Buffer.from(text);
  return { headers: { [name]: signWebhook("abcdef", secret, raw) }, body: raw };
}

const order = { order_id: "576653688135258178", order_status: "UNPAID" };
const back = { return_id: "576486316948490001", order_id: "1", return_type: "RETURN_AND_REFUND" };

const rows: [title: string, request: ReturnType<typeof webhook>, outcome: string][] = [
  ["an order's status", webhook(envelope(1, order)), "verified"],
  ["a header in lower case", webhook(envelope(1, order), { name: "authorization" }), "verified"],
  ["a cancellation", webhook(envelope(11, order)), "verified"],
  ["a return of goods", webhook(envelope(12, back)), "verified"],
  ["a return of money", webhook(envelope(12, { ...back, return_type: "REFUND" })), "ignored"],
  ["the seller took back our access", webhook(envelope(6)), "deauthorized"],
  ["the access ends soon", webhook(envelope(7)), "ignored"],
  ["little is left in stock", webhook(envelope(27)), "ignored"],
  ["a type nobody knows yet", webhook(envelope(999)), "ignored"],
  ["signed with another secret", webhook(envelope(1, order), { secret: "guess" }), "forged"],
  [
    "signed for another shop of the app",
    webhook(envelope(1, order, "7495540735365777508")),
    "forged",
  ],
  ["a deauthorization of another shop", webhook(envelope(6, {}, "7495540735365777508")), "forged"],
  ["not JSON", webhook("ada.buyer@example.com"), "malformed"],
  ["no envelope", webhook({ type: 1 }), "malformed"],
  ["no order in it", webhook(envelope(1, { ada: 1 })), "malformed"],
];

test.each(rows)("G: %s", (_title, request, outcome) => {
  const result = verifyWebhook(request, account);
  expect(result).toMatchObject({ outcome });
  expect(JSON.stringify(result), "nothing personal, not even in a reason").not.toContain("ada");
});

test("G: the signature is over the raw bytes, and nothing may follow it", () => {
  const { headers, body } = webhook(envelope(1, order));
  const longer = Buffer.concat([body, Buffer.from(" ")]);
  expect(verifyWebhook({ headers, body: longer }, account)).toMatchObject({ outcome: "forged" });
  const more = { Authorization: `${headers.Authorization}zz` };
  expect(verifyWebhook({ headers: more, body }, account)).toMatchObject({ outcome: "forged" });
});

test("F: ids of 19 digits lose none, even where they come as numbers", () => {
  const text = JSON.stringify(envelope(1, order))
    .replace('"576653688135258178"', "5766536881352581789")
    .replace(`"${SHOP}"`, SHOP);
  const result = verifyWebhook(webhook(text), account);
  if (result.outcome !== "verified") throw new Error(JSON.stringify(result));
  expect(hintOf(result.message)).toEqual(["5766536881352581789"]);
});

test("D8: an order's message is named by TikTok's notification and points at the order", () => {
  expect(verifyWebhook(webhook(envelope(1, order)), account)).toEqual({
    outcome: "verified",
    message: {
      externalId: "7380066284010030890",
      topic: "ORDER_STATUS_CHANGE",
      payload: { pointsAt: "576653688135258178" },
    },
  });
});

test("F: the published return names a return, not an order", () => {
  const model = readModel("tiktok/webhook-12-return-status-change.json");
  if (!model) return;
  const own = { ...account, settings: { shopId: "7494049642642441621" } };
  expect(verifyWebhook(webhook(model), own), "money only").toMatchObject({ outcome: "ignored" });
  const text = JSON.stringify(model).replace('"REFUND"', '"RETURN_AND_REFUND"');
  expect(verifyWebhook(webhook(text), own)).toMatchObject({
    message: { payload: { pointsAt: "return/576486316948490001" } },
  });
});

test("F: type 68 has no envelope and says what the listing shows", () => {
  const model = readModel("tiktok/webhook-68-inventory-changed.json");
  if (!model) return;
  const levels = [
    {
      stockId: "1729507467923261408",
      quantity: 7,
      at: Date.UTC(2026, 3, 2, 9, 28, 34, 979),
    },
  ];
  expect(verifyWebhook(webhook(model), account)).toEqual({ outcome: "levels", levels });
  expect(verifyWebhook(webhook(model), account), "twice says the same").toEqual({
    outcome: "levels",
    levels,
  });
  expect(verifyWebhook(webhook(model, { secret: "guess" }), account)).toMatchObject({
    outcome: "forged",
  });
});
