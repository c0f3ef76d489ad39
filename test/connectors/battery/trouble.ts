import { expect } from "vitest";
import {
  type BenchTest,
  JACKET,
  lineFor,
  listingOf,
  PUSH_SEEN_MS,
  START,
  SWEEPABLE_MS,
  shownOf,
} from "../harness.ts";

/** How a connector names what goes wrong. */
export function troubleBattery(test: BenchTest): void {
  test("F: a throttled push says when to come again, and works then", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ throttleNext: 1 });
    const [result] = await rig.session.push([lineFor(row, 7)]);
    if (result?.outcome !== "throttled") throw new Error(JSON.stringify(result));
    expect(result.retryAt).toBeGreaterThan(rig.clock.now());
    rig.clock.advance(result.retryAt - rig.clock.now());
    expect(await rig.session.push([lineFor(row, 7)])).toEqual([{ outcome: "accepted" }]);
  });

  test("F: a revoked access is unauthorized, for every kind of call", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ revoked: true });
    const [push] = await rig.session.push([lineFor(row, 7)]);
    expect(push).toMatchObject({ outcome: "unauthorized" });
    expect(await rig.session.readBack([row])).toMatchObject({ outcome: "unauthorized" });
    expect(await rig.session.listings(null)).toMatchObject({ outcome: "unauthorized" });
    const sweep = await rig.session.ordersSince(START - SWEEPABLE_MS, null);
    expect(sweep).toMatchObject({ outcome: "unauthorized" });
  });

  test("F: access that was taken back is told from access that ran out", async ({ rig }) => {
    const { refreshToken } = rig.account.secrets;
    if (refreshToken === undefined) return expect(rig.connector.channel).toBe("corner-shop");
    const noted = (end: number) => ({
      settings: { ...rig.account.settings, authorizedUntil: String(end) },
      secrets: { ...rig.account.secrets, refreshTokenExpiresAt: String(end) },
    });
    const [row, now] = [await listingOf(rig, JACKET.sku), rig.clock.now()];
    const causes = async (fault: "revoked" | "lapsed", end: number) => {
      rig.sandbox.setFaults({ [fault]: true });
      const session = rig.connect(noted(end));
      const [push] = await session.push([lineFor(row, 7)]);
      const told = [push, await session.readBack([row]), await session.health()];
      rig.sandbox.setFaults({ [fault]: false });
      return told.map((one) => (one?.outcome === "unauthorized" ? one.cause : one));
    };
    expect(await causes("revoked", now + 1_000_000)).toEqual(Array(3).fill("revoked"));
    expect(await causes("lapsed", now - 1)).toEqual(Array(3).fill("expired"));
  });

  test("F: a healthy connection says until when, where an end is known", async ({ rig }) => {
    const end = rig.clock.now() + 30 * 86_400_000;
    const session = rig.connect({
      settings: { ...rig.account.settings, authorizedUntil: String(end) },
      secrets: { ...rig.account.secrets, refreshTokenExpiresAt: String(end) },
    });
    const reconnectBy = rig.account.secrets.refreshToken === undefined ? null : end;
    expect(await session.health()).toEqual({ outcome: "healthy", reconnectBy });
  });

  test("D7: an outage is unavailable, and passes", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ outage: true });
    expect(await rig.session.push([lineFor(row, 7)])).toMatchObject([{ outcome: "unavailable" }]);
    expect(await rig.session.readBack([row])).toMatchObject({ outcome: "unavailable" });
    rig.sandbox.setFaults({ outage: false });
    expect(await rig.session.push([lineFor(row, 7)])).toEqual([{ outcome: "accepted" }]);
  });

  test("F: an error inside leaves a write unknown and a read to be repeated", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ failNext: 1 });
    expect(await rig.session.push([lineFor(row, 7)])).toMatchObject([{ outcome: "unknown" }]);
    rig.sandbox.setFaults({ failNext: 1 });
    expect(await rig.session.readBack([row])).toMatchObject({ outcome: "unavailable" });
  });

  test("F: a line cut after the write is unknown; the same key again does it once", async ({
    rig,
  }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ hangUpNext: 1 });
    const line = lineFor(row, 7, 10);
    expect(await rig.session.push([line])).toMatchObject([{ outcome: "unknown" }]);
    rig.clock.advance(PUSH_SEEN_MS);
    expect(await shownOf(rig.session, row), "it had counted").toBe(7);
    expect(await rig.session.push([line])).toEqual([{ outcome: "accepted" }]);
    rig.clock.advance(PUSH_SEEN_MS);
    expect(await shownOf(rig.session, row)).toBe(7);
  });
}
