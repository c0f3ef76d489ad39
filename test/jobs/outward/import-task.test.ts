import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ListingRecord, Page, Session } from "../../../connectors/connector.ts";
import { createPacer } from "../../../connectors/pacer.ts";
import { connectionFeed } from "../../../jobs/handlers/connection-feed.ts";
import { listingsImport } from "../../../jobs/handlers/listings-import.ts";
import { tasksSweep } from "../../../jobs/handlers/tasks-sweep.ts";
import type { StepDeps } from "../../../jobs/task-steps.ts";
import { latestTasks, startTask } from "../../../prisma/tasks.ts";
import { fakeSession } from "../inward/fake-connector.ts";
import { type House, Merchant, openHouse, silent } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

let house: House;
let merchant: Merchant;
let marketplace: Marketplace;
let enqueued: unknown[];
let wishes: number[];

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  marketplace = new Marketplace("shopify");
  merchant = await Merchant.open(house.db, ["tea", "cup"], [marketplace], 3);
  [enqueued, wishes] = [[], []];
});

const record = (sku: string, more: Partial<ListingRecord> = {}): ListingRecord => ({
  ...{ externalId: `L-${sku}`, sku, title: sku, quantity: 3, barcode: null },
  ...{ merchantFulfilled: true, unpushable: null, group: null, stockId: null, handle: {} },
  ...more,
});

type Pages = Record<string, Page<ListingRecord>>;

function deps(pages: Pages, asked: (string | null)[] = []) {
  const listings: Session["listings"] = async (cursor) => {
    asked.push(cursor);
    const page = pages[cursor ?? "start"];
    if (!page) throw new Error(`nobody should ask for ${cursor}`);
    return page;
  };
  return {
    db: house.db,
    connectorOf: () => marketplace.connector,
    session: async () => fakeSession({ listings }),
    pacer: createPacer({ now: () => merchant.now }),
    enqueue: async (name: string, payload: object) => void enqueued.push([name, payload]),
    later: (_job: string, _connection: string, ms: number) => void wishes.push(ms),
    live: { publish: () => {} },
    now: () => merchant.now,
    log: silent,
    signal: merchant.stop.signal,
  } satisfies StepDeps;
}

const page = (rows: ListingRecord[], next: string | null, total?: number) =>
  ({ outcome: "page", rows, next, ...(total === undefined ? {} : { total }) }) as const;
const connection = () => ({ connection: merchant.id("shopify") });
const task = async () =>
  (await latestTasks(house.db, merchant.shop, merchant.id("shopify"))).find(
    (one) => one.kind === "import",
  );
const listing = (sku: string) => merchant.listing("shopify", sku);

describe("F: an import in steps", () => {
  test("goes on where it broke off, with its progress, and plans everything", async () => {
    const broken: Pages = {
      start: page([record("tea"), record("new")], "2", 4),
      "2": { outcome: "throttled", retryAt: merchant.now + 5_000, why: "busy" },
    };
    await listingsImport(deps(broken), connection());
    expect(await task()).toMatchObject({ state: "running", cursor: "2", done: 2, total: 4 });
    expect(wishes).toEqual([5_000]);
    merchant.now += 5_000;
    const asked: (string | null)[] = [];
    await listingsImport(deps({ "2": page([record("cup")], null) }, asked), connection());
    expect(asked, "not from the start").toEqual(["2"]);
    expect(await task()).toMatchObject({
      state: "done",
      done: 3,
      counts: { added: 1, matched: 2, marketplaceFulfilled: 0, unpushable: 0, gone: 0 },
    });
    expect(enqueued).toEqual([["listings.replan", { shop: merchant.shop, ...connection() }]]);
  });

  test("waits for a marketplace that gathers its listings, without a loop", async () => {
    const gathering: Page<ListingRecord> = {
      ...{ outcome: "preparing", cursor: "report-1", againAt: merchant.now + 30_000 },
    };
    await listingsImport(deps({ start: gathering }), connection());
    expect(await task()).toMatchObject({ state: "running", cursor: "report-1", done: 0 });
    expect(wishes).toEqual([30_000]);
  });

  test("what the account no longer has is gone, and comes back when it is seen again", async () => {
    merchant.now += 1_000;
    await listingsImport(deps({ start: page([record("tea")], null) }), connection());
    expect(await listing("cup")).toMatchObject({ goneAt: expect.any(Date), dirty: false });
    expect(await task()).toMatchObject({ counts: { gone: 1 } });
    merchant.now += 1_000;
    const both = page([record("tea"), record("cup")], null);
    await listingsImport(deps({ start: both }), connection());
    expect(await listing("cup")).toMatchObject({ goneAt: null });
  });

  test("one that nobody may make fails with a sentence, and marks nothing as gone", async () => {
    const shut: Page<ListingRecord> = {
      ...{ outcome: "unauthorized", why: "the token was revoked", cause: "revoked" },
    };
    await listingsImport(deps({ start: shut }), connection());
    expect(await task()).toMatchObject({
      state: "failed",
      error: "the marketplace did not give its listings: the token was revoked",
    });
    expect(await listing("tea")).toMatchObject({ goneAt: null });
  });

  test("two who start it at once share one; a lost one is asked for again", async () => {
    const start = () =>
      startTask(house.db, merchant.shop, merchant.id("shopify"), "import", new Date(merchant.now));
    const [a, b] = await Promise.all([start(), start()]);
    expect(a.id).toBe(b.id);
    await tasksSweep(deps({}));
    expect(enqueued).not.toContainEqual(["listings.import", connection()]);
    merchant.now += 61_000;
    await tasksSweep(deps({}));
    expect(enqueued).toContainEqual(["listings.import", connection()]);
  });
});

describe("F: listings are matched by SKU, then by barcode", () => {
  test.each<[string, Partial<ListingRecord>, string | null, string | null]>([
    ["its SKU", { sku: "tea" }, "tea", "sku"],
    ["its SKU before its barcode", { sku: "tea", barcode: "4006381333931" }, "tea", "sku"],
    ["its barcode", { sku: "T-1", barcode: "4006381333931" }, "cup", "barcode"],
    ["a barcode with zeros in front", { sku: "T-1", barcode: "04006381333931" }, "cup", "barcode"],
    ["nothing: unknown", { sku: "T-1", barcode: "5901234123457" }, null, null],
    ["nothing: two items share it", { sku: "T-1", barcode: "111" }, null, null],
    ["nothing: no SKU at all", { sku: "" }, null, null],
  ])("by %s", async (_title, more, item, matchedBy) => {
    const code = (sku: string, barcode: string) =>
      house.db.item.updateMany({ where: { shopId: merchant.shop, sku }, data: { barcode } });
    await code("cup", "4006381333931");
    await house.db.item.createMany({
      data: ["x", "y"].map((sku) => ({ shopId: merchant.shop, sku, title: sku, barcode: "111" })),
    });
    const row = record("x-1", { externalId: "L-odd", ...more });
    await listingsImport(deps({ start: page([row], null) }), connection());
    expect(await listing("odd")).toMatchObject({
      itemId: item === null ? null : merchant.item(item),
      matchedBy,
    });
  });

  test("B8: what cannot be pushed says why, and what the marketplace ships is only counted", async () => {
    const rows = [
      record("tea", { unpushable: "an auction", group: "G1", stockId: "S1" }),
      record("cup", { merchantFulfilled: false, quantity: 37 }),
    ];
    await listingsImport(deps({ start: page(rows, null) }), connection());
    expect(await listing("tea")).toMatchObject({
      ...{ pushed: false, unpushable: "an auction", pushGroup: "G1", stockId: "S1" },
    });
    expect(await listing("cup")).toMatchObject({
      ...{ pushed: false, merchantFulfilled: false, shown: 37 },
    });
    expect(await task()).toMatchObject({ counts: { marketplaceFulfilled: 1, unpushable: 1 } });
  });
});

describe("F: a full feed", () => {
  const feed = () => {
    const { readBack } = marketplace.session();
    return connectionFeed(
      { ...deps({}), session: async () => fakeSession({ readBack }) },
      connection(),
    );
  };
  const fed = async () =>
    (await latestTasks(house.db, merchant.shop, merchant.id("shopify"))).find(
      (one) => one.kind === "feed",
    );

  test("reads every listing, counts what the marketplace ships, and tells what it cannot read", async () => {
    const kept = record("cup", { merchantFulfilled: false, quantity: 5 });
    await listingsImport(deps({ start: page([record("tea"), kept], null) }), connection());
    marketplace.numbers.set("L-cup", 41);
    marketplace.numbers.delete("L-tea");
    await merchant.hear(merchant.book.receive(merchant.item("tea"), 3));
    await feed();
    expect(await listing("cup")).toMatchObject({ shown: 41, dirty: false });
    expect(await listing("tea")).toMatchObject({ again: 1, dirty: true });
    expect(await fed()).toMatchObject({ state: "done", done: 2, counts: { unread: 1 } });
    expect(enqueued.at(-1)).toEqual(["push.connection", connection()]);
  });

  test("goes on where it broke off", async () => {
    marketplace.readFailure = { outcome: "throttled", retryAt: merchant.now + 900, why: "busy" };
    await feed();
    expect(await fed()).toMatchObject({ state: "running", done: 0 });
    expect(wishes).toEqual([900]);
    marketplace.readFailure = undefined;
    merchant.now += 900;
    await feed();
    expect(await fed()).toMatchObject({ state: "done", done: 2 });
  });
});
