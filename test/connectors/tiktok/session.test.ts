import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Account, World } from "../../../connectors/connector.ts";
import { TIKTOK_LIMITS } from "../../../connectors/tiktok/limits.ts";
import type { TikTokState } from "../../../connectors/tiktok/sandbox/state.ts";
import { EVENT_TYPES } from "../../../connectors/tiktok/subscribe.ts";
import { type Bench, buyOne, JACKET, lineFor, listingOf, openChannel } from "../harness.ts";

const WEEK_MS = 7 * 24 * 3_600_000;
const YEAR_MS = 365 * 24 * 3_600_000;

let bench: Bench;
beforeEach(() => {
  bench = openChannel("tiktok");
  bench.sandbox.stock([JACKET]);
});
afterEach(() => bench.close());

const stateOf = () => bench.sandbox.save() as TikTokState;
const refreshes = () => bench.calls.filter(({ request }) => request.url.includes("token/refresh"));

/** Keeps a connection's secrets as the record does: one renewal at a time, kept before anybody looks. */
function keeper(account: Account) {
  const record = { secrets: account.secrets, reconnectBy: null as number | null | undefined };
  let last: Promise<unknown> = Promise.resolve();
  const renewing: NonNullable<World["renewing"]> = (renew) => {
    const mine = last.then(async () => {
      const renewed = await renew(record.secrets);
      if (renewed.outcome !== "renewed" && renewed.outcome !== "fresh") return renewed;
      if (renewed.outcome === "renewed") {
        record.secrets = { ...record.secrets, ...renewed.secrets };
        record.reconnectBy = renewed.reconnectBy;
      }
      return { outcome: "kept" as const, secrets: record.secrets };
    });
    last = mine;
    return mine;
  };
  return { record, renewing };
}

/** Says that the token was good until a moment ago. */
const lapsed = (): Account => ({
  ...bench.account,
  secrets: { ...bench.account.secrets, accessTokenExpiresAt: String(bench.clock.now()) },
});

test("F: two sessions share one refresh, although a refresh token works once", async () => {
  const account = lapsed();
  const { record, renewing } = keeper(account);
  const sessions = [1, 2].map(() => bench.connect(account, { renewing }));
  const answers = await Promise.all(sessions.map((one) => one.readBack([])));
  expect(answers.map((one) => one.outcome)).toEqual(["read", "read"]);
  expect(refreshes()).toHaveLength(1);
  expect(record.secrets.refreshToken).not.toBe(account.secrets.refreshToken);
  expect(record.secrets.accessTokenExpiresAt, "a moment, not a duration").toBe(
    String(bench.clock.now() + WEEK_MS),
  );
  expect(record.reconnectBy).toBe(bench.clock.now() + YEAR_MS);
  expect(await bench.connect({ secrets: record.secrets }).health()).toEqual({
    outcome: "healthy",
    reconnectBy: bench.clock.now() + YEAR_MS,
  });
});

test("F: a refresh token that was traded in works no more: revoked, and told apart", async () => {
  const account = lapsed();
  expect(await bench.connect(account).readBack([])).toMatchObject({ outcome: "read" });
  expect(await bench.connect(account).readBack([])).toMatchObject({
    outcome: "unauthorized",
    cause: "revoked",
  });
});

test("F: a refresh token that came to its end is expired", async () => {
  const { record, renewing } = keeper(lapsed());
  await bench.connect(lapsed(), { renewing }).readBack([]);
  bench.clock.advance(YEAR_MS + 1_000);
  expect(await bench.connect({ secrets: record.secrets }).readBack([])).toMatchObject({
    outcome: "unauthorized",
    cause: "expired",
  });
});

test("F: 105002 before its time: renewed once, and the call repeated once", async () => {
  const row = await listingOf(bench, JACKET.sku);
  stateOf().ended[bench.account.secrets.accessToken ?? ""] = true;
  const { renewing } = keeper(bench.account);
  const sessions = [1, 2].map(() => bench.connect({}, { renewing }));
  const answers = await Promise.all(sessions.map((one) => one.push([lineFor(row, 4)])));
  expect(answers).toEqual([[{ outcome: "accepted" }], [{ outcome: "accepted" }]]);
  expect(refreshes(), "shared, though both were refused").toHaveLength(1);
});

test("F: an access that covers another shop is not ours", async () => {
  const settings = { ...bench.account.settings, cipher: "ROW_of-another-shop" };
  expect(await bench.connect({ settings }).readBack([])).toMatchObject({
    outcome: "unauthorized",
    cause: "revoked",
    why: expect.stringContaining("101000"),
  });
});

test("F: a shop that the seller took out of his consent is revoked", async () => {
  expect(await bench.session.health()).toMatchObject({ outcome: "healthy" });
  stateOf().shops = [];
  expect(await bench.session.health()).toMatchObject({ outcome: "unauthorized", cause: "revoked" });
});

test("F: the wrong secret of our app is forbidden, and no reason quotes it", async () => {
  const secrets = { ...bench.account.secrets, appSecret: "wrong-secret" };
  const signed = await bench.connect({ secrets }).readBack([]);
  expect(signed).toMatchObject({ outcome: "unauthorized", cause: "forbidden" });
  const late = { ...secrets, accessTokenExpiresAt: "0" };
  const refused = await bench.connect({ secrets: late }).readBack([]);
  expect(refused).toMatchObject({ outcome: "unauthorized" });
  expect(JSON.stringify([signed, refused])).not.toMatch(/wrong-secret|https?:|app_secret/);
});

test("F: no reason quotes an address: secrets travel in it", async () => {
  bench.sandbox.stop();
  const broken = vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    throw new TypeError("fetch failed", { cause: new Error(`cannot reach ${String(input)}`) });
  });
  const answers = [
    await bench.session.readBack([]),
    await bench.connect(lapsed()).readBack([]),
    await bench.session.push([
      { externalId: "1", handle: { productId: "1" }, quantity: 1, expected: null, key: "k" },
    ]),
  ];
  broken.mockRestore();
  expect(answers).toMatchObject([
    { outcome: "unavailable" },
    { outcome: "unavailable" },
    [{ outcome: "unknown" }],
  ]);
  expect(JSON.stringify(answers)).not.toMatch(/https?:|sandbox-secret|ROW_/);
});

test("F: 36009002 in an answer of 200 is throttled, and tells the pacer", async () => {
  const row = await listingOf(bench, JACKET.sku);
  const onRate = vi.fn();
  const session = bench.connect({}, { onRate });
  const outcomes = [];
  for (let n = 0; n < 5; n += 1) outcomes.push((await session.push([lineFor(row, n)]))[0]);
  const at = bench.clock.now() + 1_000;
  expect(outcomes.slice(0, 4)).toEqual(Array(4).fill({ outcome: "accepted" }));
  expect(outcomes[4]).toMatchObject({ outcome: "throttled", retryAt: at });
  expect(onRate.mock.calls).toEqual([["push", { left: 0, moreAt: at }]]);
});

test("F: a 429 is believed when it says when to come again", async () => {
  bench.sandbox.setFaults({ throttleNext: 1 });
  expect(await bench.session.readBack([])).toMatchObject({
    outcome: "throttled",
    retryAt: bench.clock.now() + 2_000,
  });
});

test("F: our own pace stays inside what the shop allows", async () => {
  const row = await listingOf(bench, JACKET.sku);
  const { perSecond } = TIKTOK_LIMITS.calls.push;
  for (let n = 0; n < 20; n += 1) {
    expect(await bench.session.push([lineFor(row, n)])).toEqual([{ outcome: "accepted" }]);
    bench.clock.advance(Math.ceil(1_000 / perSecond));
  }
});

test("D8: what a hint points at is asked for in one call, gone ones are left out", async () => {
  const ids = [1, 2, 3].map(() => buyOne(bench).order.id);
  const answer = await bench.session.orders?.([...ids, "5766999999999999999"]);
  expect(answer).toMatchObject({ outcome: "orders" });
  expect(answer?.outcome === "orders" && answer.messages).toHaveLength(3);
  expect(bench.calls.filter(({ request }) => request.method === "GET")).toHaveLength(1);
});

test("F: messages are asked for kind by kind, once or twice, and taken back", async () => {
  const door = "https://ballast.example/webhooks/tiktok/c";
  for (const _ of [1, 2]) {
    expect(await bench.session.subscribe?.(door)).toEqual({ outcome: "subscribed" });
    bench.clock.advance(1_000);
  }
  expect(Object.keys(stateOf().events)).toEqual(expect.arrayContaining(EVENT_TYPES));
  expect(bench.sandbox.market().door).toBe(door);
  expect(await bench.session.unsubscribe?.(door)).toEqual({ outcome: "unsubscribed" });
  expect(bench.sandbox.market().door).toBeNull();
});
