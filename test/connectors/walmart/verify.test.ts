import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { DOOR_USER, doorSecret } from "../../../connectors/walmart/door-secret.ts";
import { WALMART_SANDBOX } from "../../../connectors/walmart/sandbox/account.ts";
import { verifyEvent } from "../../../connectors/walmart/verify.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const account = { connection: "c-1", ...WALMART_SANDBOX };
const secret = doorSecret(account.secrets.clientSecret, account.connection) ?? "";

const EVENT = JSON.stringify({
  source: { eventType: "PO_CREATED", eventTime: "2026-11-24T12:00:00.000Z", eventId: "e-1" },
  payload: {
    purchaseOrderId: "2802123876439",
    orderDate: "2026-11-24T11:59:00.000Z",
    orderLines: [{ sku: "S", quantity: { measurementValue: "1" }, status: "Created" }],
  },
});

const sign = (key: string, encoding: "hex" | "base64", body = EVENT) =>
  createHmac("sha256", key).update(body).digest(encoding);

const password = (user: string, word: string) => Buffer.from(`${user}:${word}`).toString("base64");

function outcomeOf(headers: Record<string, string>, body = EVENT, secrets = account.secrets) {
  const request = { headers, body: Buffer.from(body) };
  return verifyEvent(request, { ...account, secrets }, { now: () => NOW });
}

const rows: [title: string, headers: Record<string, string>, outcome: string][] = [
  ["signed in base64", { authorization: sign(secret, "base64") }, "verified"],
  ["signed in hex", { authorization: sign(secret, "hex") }, "verified"],
  ["signed in louder hex", { authorization: sign(secret, "hex").toUpperCase() }, "verified"],
  ["in a header of another case", { AUTHORIZATION: sign(secret, "hex") }, "verified"],
  ["with the password", { authorization: `Basic ${password(DOOR_USER, secret)}` }, "verified"],
  ["with the bare password", { authorization: password(DOOR_USER, secret) }, "verified"],
  ["not signed", {}, "forged"],
  ["signed with nothing", { authorization: "" }, "forged"],
  ["signed over another body", { authorization: sign(secret, "hex", `${EVENT} `) }, "forged"],
  [
    "signed with the app's secret",
    { authorization: sign("walmart-sandbox-secret", "hex") },
    "forged",
  ],
  [
    "signed for another merchant",
    { authorization: sign(doorSecret("walmart-sandbox-secret", "c-2") ?? "", "hex") },
    "forged",
  ],
  ["with another password", { authorization: `Basic ${password(DOOR_USER, "x")}` }, "forged"],
  ["with another user", { authorization: `Basic ${password("walmart", secret)}` }, "forged"],
  ["signed with half a signature", { authorization: sign(secret, "hex").slice(0, 32) }, "forged"],
];

test.each(rows)("G: an event %s", (_title, headers, outcome) => {
  expect(outcomeOf(headers).outcome).toBe(outcome);
});

test("G: without the app's secret nothing is believed, signed with nothing or not", () => {
  const empty = { authorization: sign("", "hex") };
  expect(outcomeOf(empty, EVENT, { clientSecret: "" }).outcome).toBe("forged");
  expect(outcomeOf(empty, EVENT, {}).outcome).toBe("forged");
});

test("G: after the app's secret is changed, what was subscribed with before is still believed", () => {
  const headers = { authorization: sign(secret, "hex") };
  const { clientSecret = "" } = account.secrets;
  expect(outcomeOf(headers, EVENT, { clientSecret: "new" }).outcome).toBe("forged");
  const both = { clientSecret: "new", previousClientSecret: clientSecret };
  expect(outcomeOf(headers, EVENT, both).outcome).toBe("verified");
});

const bodies: [title: string, body: string][] = [
  ["that is no JSON", "ada.buyer@example.com"],
  ["that is null", "null"],
  [
    "without an id",
    '{"source":{"eventType":"PO_CREATED"},"payload":{"email":"ada.buyer@example.com"}}',
  ],
  [
    "of an order without a number",
    '{"source":{"eventType":"PO_CREATED","eventId":"1"},"payload":{"name":"ada.buyer@example.com"}}',
  ],
];

test.each(bodies)("G: a signed body %s is malformed, and is not quoted", (_title, body) => {
  const answer = outcomeOf({ authorization: sign(secret, "hex", body) }, body);
  expect(answer.outcome).toBe("malformed");
  expect(JSON.stringify(answer)).not.toContain("ada.buyer");
});
