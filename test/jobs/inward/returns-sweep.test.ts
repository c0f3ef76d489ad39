import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { CallFailure, Sweep } from "../../../connectors/connector.ts";
import { type ReturnsSweepDeps, returnsSweep } from "../../../jobs/handlers/returns-sweep.ts";
import { findConnection, letIn, reportTrouble, shutOut } from "../../../prisma/connections.ts";
import { fakeConnector, fakeSession } from "./fake-connector.ts";
import { openWorld, silent, type World } from "./world.ts";

let world: World;
let enqueued: string[];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  enqueued = [];
  await world.db.$executeRaw`truncate inbox_message`;
  await world.db.$executeRaw`update connection set returns_known_to = null, trouble = null`;
});

/** A sweep that is answered by these pages, in turn. */
function sweep(pages: Sweep[], extra: Partial<ReturnsSweepDeps> = {}) {
  const returnsSince = async () => {
    const page = pages.shift();
    if (!page) throw new Error("asked for a page too many");
    return page;
  };
  const deps: ReturnsSweepDeps = {
    ...{ db: world.db, now: Date.now, log: silent, pacer: { take: () => 0 } },
    connectorOf: () => fakeConnector(),
    session: async () => fakeSession({ returnsSince }),
    enqueue: async (name) => void enqueued.push(name),
    ...extra,
  };
  return returnsSweep(deps, { connection: world.connection.id });
}

const row = async () => findConnection(world.db, world.shop, world.connection.id);
const page = (knownTo: number, next: string | null = null): Sweep => ({
  outcome: "swept",
  messages: [{ externalId: "r-1", topic: "returns", payload: [] }],
  ...{ knownTo, next },
});

test("F: a sweep stores each return once and moves its own watermark", async () => {
  const swept = await sweep([page(9_000, "2"), page(8_000)]);
  expect(swept).toEqual({ outcome: "swept", stored: 1, knownTo: 8_000 });
  expect(enqueued).toEqual(["inbox.apply"]);
  expect((await row())?.returnsKnownTo?.getTime()).toBe(8_000);
});

test("F: where returns are told with their orders there is nothing to ask", async () => {
  const session = async () => fakeSession({});
  expect(await sweep([], { session })).toEqual({ outcome: "nothing-to-ask" });
});

const why = "no";
test.each<CallFailure>([
  { outcome: "unauthorized", why, cause: "forbidden" },
  { outcome: "not-supported", why },
  { outcome: "unavailable", why },
  { outcome: "unknown", why },
])("F: that returns cannot be read ($outcome) is said until they can", async (failure) => {
  expect(await sweep([failure])).toEqual(failure);
  expect(await row()).toMatchObject({ trouble: "Reading returns: no", returnsKnownTo: null });
  expect(enqueued).toEqual(failure.outcome === "unauthorized" ? ["connection.health"] : []);
  await sweep([page(8_000)]);
  expect(await row()).toMatchObject({ trouble: null });
  await reportTrouble(world.db, world.shop, world.connection.id, "Reading orders", "HTTP 500");
  await sweep([page(9_000)]);
  expect(await row()).toMatchObject({ trouble: "Reading orders: HTTP 500" });
});

test("D7: returns are asked for at the marketplace's pace, counted by themselves", async () => {
  const waits = [0, 20, 0, 600_000];
  const keys: string[] = [];
  const take = (key: string) => {
    keys.push(key);
    return waits.shift() ?? 0;
  };
  const swept = await sweep([page(9_000, "2"), page(8_000, "3")], { pacer: { take } });
  expect(swept).toMatchObject({ outcome: "throttled", why: "our own pace" });
  expect(new Set(keys)).toEqual(new Set([`${world.connection.id}/returns`]));
  expect(await row()).toMatchObject({ trouble: null, returnsKnownTo: null });
});

test("F: who is shut out is asked for no returns", async () => {
  const { db, shop, connection } = world;
  await shutOut(db, shop, connection.id, "revoked", "so says the check");
  expect(await sweep([])).toEqual({ outcome: "nothing-to-ask" });
  await letIn(db, shop, connection.id);
  expect(await sweep([page(8_000)])).toMatchObject({ outcome: "swept" });
});
