import { createHash } from "node:crypto";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Account, Message, RawRequest } from "../../../connectors/connector.ts";
import { ebay } from "../../../connectors/ebay/connector.ts";
import { EBAY_SANDBOX } from "../../../connectors/ebay/sandbox/account.ts";
import { KEY_ID, PUBLIC_KEY, signatureOf } from "../../../connectors/ebay/sandbox/keys.ts";
import { API, NOW } from "./crafted.ts";

const account: Account = { connection: "c", ...EBAY_SANDBOX };

/** Keys are kept for an hour of the world's clock, so each test has a day of its own. */
let now = NOW;
const world = { now: () => now };
let keyAnswers: (id: string) => Response;
let asked: string[] = [];

const key = (id: string) =>
  id === KEY_ID
    ? HttpResponse.json({ key: PUBLIC_KEY, algorithm: "ECDSA", digest: "SHA256" })
    : HttpResponse.json({ errors: [{ errorId: 195002 }] }, { status: 404 });

const server = setupServer(
  http.post(`${API}/identity/v1/oauth2/token`, async ({ request }) => {
    const form = new URLSearchParams(await request.text());
    asked.push(`${form.get("grant_type")} ${form.get("scope")}`);
    return HttpResponse.json({ access_token: "app", expires_in: 7_200 });
  }),
  http.get(`${API}/commerce/notification/v1/public_key/:id`, ({ params, request }) => {
    asked.push(`${params.id} ${request.headers.get("authorization")}`);
    return keyAnswers(String(params.id));
  }),
);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => server.close());
beforeEach(() => {
  now += 24 * 60 * 60_000;
  keyAnswers = key;
  asked = [];
});

function bodyOf(topic: string, data: unknown, id = "n-1"): string {
  const metadata = { topic, schemaVersion: "1.0", deprecated: false };
  return JSON.stringify({ metadata, notification: { notificationId: id, data } });
}

const user = { userId: "sandboxSellerId01", username: "ballast-demo-merchant" };
const lines = [{ orderLineItemId: "1", listingId: "110", quantity: 1 }];
const CONFIRMATION = bodyOf("ORDER_CONFIRMATION", {
  user,
  order: { orderId: "27-00000-00001", orderLineItems: lines },
});

const verify = (body: string, signature: string | undefined, name = "X-EBAY-SIGNATURE") => {
  const request: RawRequest = { headers: { [name]: signature }, body: Buffer.from(body) };
  return ebay.verify(request, account, world);
};

const header = (content: object) => Buffer.from(JSON.stringify(content)).toString("base64");

test.each(["SHA1", "SHA256"] as const)(
  "G: a notification signed with %s is taken, and its order alone is kept",
  async (digest) => {
    const signed = await verify(
      CONFIRMATION,
      signatureOf(CONFIRMATION, digest),
      "x-Ebay-Signature",
    );
    const payload = { order: "27-00000-00001" };
    const message: Message = { externalId: "n-1", topic: "ORDER_CONFIRMATION", payload };
    expect(signed).toEqual({ outcome: "verified", message });
    expect(ebay.hint?.(message)).toEqual(["27-00000-00001"]);
    expect(ebay.translate(message)).toEqual([]);
  },
);

test("G: without a digest in the header the key's own is taken", async () => {
  const { digest: _, ...rest } = JSON.parse(
    Buffer.from(signatureOf(CONFIRMATION, "SHA256"), "base64").toString(),
  );
  expect(await verify(CONFIRMATION, header(rest))).toMatchObject({ outcome: "verified" });
});

test("G: eBay signs a body as its library writes it: another layout of it is the same", async () => {
  const pretty = JSON.stringify(JSON.parse(CONFIRMATION), null, 2);
  expect(await verify(pretty, signatureOf(CONFIRMATION))).toMatchObject({ outcome: "verified" });
});

const other = "00000000-0000-4000-8000-000000000000";
const good = () => JSON.parse(Buffer.from(signatureOf(CONFIRMATION), "base64").toString());
const FORGERIES: [string, () => [body: string, signature: string | undefined]][] = [
  ["no signature", () => [CONFIRMATION, undefined]],
  ["an empty one", () => [CONFIRMATION, ""]],
  ["what is not base64 of JSON", () => [CONFIRMATION, "%%% not base64 %%%"]],
  ["JSON that is no object", () => [CONFIRMATION, header([1])]],
  ["a header without a key's name", () => [CONFIRMATION, header({ ...good(), kid: undefined })]],
  [
    "a key's name that leads elsewhere",
    () => [CONFIRMATION, header({ ...good(), kid: "../../x" })],
  ],
  ["a key that eBay does not have", () => [CONFIRMATION, signatureOf(CONFIRMATION, "SHA1", other)]],
  ["a digest nobody signs with", () => [CONFIRMATION, header({ ...good(), digest: "MD5" })]],
  ["another digest than was signed", () => [CONFIRMATION, header({ ...good(), digest: "SHA256" })]],
  ["a signature that is none", () => [CONFIRMATION, header({ ...good(), signature: "AAAA" })]],
  ["another body", () => [`${CONFIRMATION.slice(0, -1)} , "x": 1}`, signatureOf(CONFIRMATION)]],
  ["a body that is no JSON", () => ["{", signatureOf(CONFIRMATION)]],
];

test.each(FORGERIES)("G: forged: %s", async (_what, forge) => {
  expect(await verify(...forge())).toMatchObject({ outcome: "forged" });
});

test("G: a key that cannot be had just now is asked for again later, by eBay itself", async () => {
  const unheardOf = signatureOf(CONFIRMATION, "SHA1", "11111111-0000-4000-8000-000000000000");
  keyAnswers = () => new HttpResponse(null, { status: 503 });
  expect(await verify(CONFIRMATION, unheardOf)).toMatchObject({ outcome: "unavailable" });
  keyAnswers = () => key(KEY_ID);
  expect(await verify(CONFIRMATION, unheardOf)).toMatchObject({ outcome: "verified" });
});

test("G: a key is read with the app's own token and kept for an hour", async () => {
  const scope = "https://api.ebay.com/oauth/api_scope";
  for (let n = 0; n < 5; n += 1) await verify(CONFIRMATION, signatureOf(CONFIRMATION));
  const once = [`client_credentials ${scope}`, `${KEY_ID} Bearer app`];
  expect(asked).toEqual(once);
  now += 60 * 60_000;
  await verify(CONFIRMATION, signatureOf(CONFIRMATION));
  expect(asked).toEqual([...once, ...once]);
});

test("G: while eBay is away, a key that was known goes on verifying", async () => {
  await verify(CONFIRMATION, signatureOf(CONFIRMATION));
  now += 2 * 60 * 60_000;
  keyAnswers = () => new HttpResponse(null, { status: 503 });
  expect(await verify(CONFIRMATION, signatureOf(CONFIRMATION))).toMatchObject({
    outcome: "verified",
  });
  const forged = await verify(`${CONFIRMATION} `.replace("27-", "28-"), signatureOf(CONFIRMATION));
  expect(forged).toMatchObject({ outcome: "forged" });
});

test("G: whoever invents keys cannot use up the calls of the day", async () => {
  const invented = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  const answers = [];
  for (let n = 1; n <= 20; n += 1) {
    answers.push(await verify(CONFIRMATION, signatureOf(CONFIRMATION, "SHA1", invented(n))));
  }
  expect(answers.filter(({ outcome }) => outcome === "forged")).toHaveLength(10);
  expect(answers.filter(({ outcome }) => outcome === "unavailable")).toHaveLength(10);
  expect(asked.filter((one) => one.includes("Bearer"))).toHaveLength(10);
});

test.each([
  ["the merchant's revocation, flat", "AUTHORIZATION_REVOCATION", user, "deauthorized"],
  ["the merchant's revocation, nested", "AUTHORIZATION_REVOCATION", { user }, "deauthorized"],
  [
    "by name where no id is told",
    "AUTHORIZATION_REVOCATION",
    { username: "ballast-demo-merchant" },
    "deauthorized",
  ],
  [
    "another merchant's",
    "AUTHORIZATION_REVOCATION",
    { userId: "somebodyElse", username: "ballast-demo-merchant" },
    "ignored",
  ],
  ["nobody's", "AUTHORIZATION_REVOCATION", {}, "ignored"],
  ["a buyer's deletion", "MARKETPLACE_ACCOUNT_DELETION", { username: "ada.buyer" }, "ignored"],
  ["a price revision", "ITEM_PRICE_REVISION", {}, "ignored"],
  ["a confirmation without an order", "ORDER_CONFIRMATION", { user }, "malformed"],
])("G: %s", async (_what, topic, data, outcome) => {
  const body = bodyOf(topic, data);
  const answer = await verify(body, signatureOf(body));
  expect(answer).toMatchObject({ outcome });
  expect(JSON.stringify(answer)).not.toContain("ada");
});

test("G: eBay's challenge is answered as its own vector says", () => {
  const token = "71745723-d031-455c-bfa5-f90d11b4f20a";
  const secrets = { ...account.secrets, verificationToken: token };
  const query = { challenge_code: "a8628072-3d33-45ee-9004-bee86830a22d" };
  const door = "http://www.testendpoint.com/webhook";
  const challengeResponse = "ca527df75caa230092d7e90484071e8f05d63068f1317973d6a3a42593734bbb";
  const greeted = { status: 200, body: { challengeResponse } };
  expect(ebay.greet?.(query, { ...account, secrets }, door)).toEqual(greeted);
  const elsewhere = createHash("sha256").update(`${query.challenge_code}${token}${door}/`);
  expect(ebay.greet?.(query, { ...account, secrets }, `${door}/`)).toEqual({
    status: 200,
    body: { challengeResponse: elsewhere.digest("hex") },
  });
  expect(ebay.greet?.({}, account, door)).toBeNull();
});
