import { afterAll, beforeAll, expect, test } from "vitest";
import type { BulkResult, PushLine } from "../../../connectors/connector.ts";
import { pushSweep } from "../../../jobs/handlers/push-sweep.ts";
import { type House, Merchant, openHouse } from "./house.ts";
import { Marketplace } from "./marketplace.ts";
import { sale } from "./shop.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

const SKUS = ["a", "b", "c", "d", "e", "f"];
const RATE = { perSecond: 1_000, burst: 1_000 };
const ONE_A_SECOND = { perSecond: 1, burst: 1 };
const LIMITS = {
  pushBatch: 1,
  calls: { push: ONE_A_SECOND, bulk: RATE, readBack: RATE, orders: RATE, listings: RATE },
  bulk: { lines: 100, usualMs: 2_000 },
};

/** A merchant whose six listings show 10, on a marketplace with a quick path for files. */
async function withFiles() {
  const marketplace = new Marketplace("shopify", LIMITS);
  const files: PushLine[][] = [];
  const results: BulkResult[] = [];
  marketplace.bulk = {
    submit: async (lines) => ({ outcome: "submitted", file: `file-${files.push([...lines])}` }),
    result: async (_, lines) =>
      results.shift() ?? {
        outcome: "processed",
        results: lines.map((line) => marketplace.take(line)),
      },
  };
  const merchant = await Merchant.open(house.db, SKUS, [marketplace]);
  for (const sku of SKUS) await merchant.hear(merchant.book.receive(merchant.item(sku), 10));
  await settle(merchant);
  merchant.asked.length = 0;
  files.length = marketplace.batches.length = 0;
  return { merchant, marketplace, files, results };
}

/** Lets a file be taken, processed and read back, with time to rest afterwards. */
async function settle(merchant: Merchant) {
  await merchant.push("shopify");
  merchant.now += 2_000;
  await merchant.pollFiles("shopify");
  await merchant.push("shopify");
  merchant.now += 60_000;
  await merchant.readBack("shopify");
}

async function sellAll(merchant: Merchant) {
  for (const sku of SKUS) await merchant.hear(sale(merchant, sku));
}

const accepted = async (merchant: Merchant) =>
  Promise.all(SKUS.map(async (sku) => (await merchant.listing("shopify", sku)).accepted));

test("F: many listings go into one file, whose results are recorded line by line", async () => {
  const { merchant, marketplace, files, results } = await withFiles();
  await sellAll(merchant);
  await merchant.push("shopify");
  expect(files.map((lines) => lines.length)).toEqual([6]);
  expect(marketplace.sent).toEqual([]);
  expect(merchant.wishes("file.poll")).toEqual([1_000]);
  results.push({ outcome: "processing", againAt: merchant.now + 1_500 });
  merchant.now += 1_000;
  await merchant.pollFiles("shopify");
  expect(merchant.wishes("file.poll")).toEqual([1_000, 500]);
  merchant.now += 500;
  await merchant.pollFiles("shopify");
  expect(await accepted(merchant)).toEqual([9, 9, 9, 9, 9, 9]);
  const [file] = await house.db.pushFile.findMany({
    where: { shopId: merchant.shop },
    orderBy: { id: "desc" },
  });
  expect(file).toMatchObject({ state: "processed", externalId: "file-1" });
});

test("F: a listing is never in a file and in a call at once, however often it sells", async () => {
  const { merchant, marketplace, files } = await withFiles();
  await sellAll(merchant);
  await merchant.push("shopify");
  merchant.now += 900;
  await merchant.hear(sale(merchant, "a", 9));
  await merchant.push("shopify");
  expect([files.length, marketplace.sent.length], "it waits for its file").toEqual([1, 0]);
  merchant.now += 1_000;
  await merchant.pollFiles("shopify");
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => [line.externalId, line.quantity])).toEqual([["L-a", 0]]);
});

test("F: what is sold out goes by a call first, the others into the file", async () => {
  const { merchant, marketplace, files } = await withFiles();
  await sellAll(merchant);
  await merchant.hear(sale(merchant, "c", 9));
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => [line.externalId, line.quantity])).toEqual([["L-c", 0]]);
  const inFile = files[0]?.map((line) => line.externalId);
  expect(inFile?.sort()).toEqual(["a", "b", "d", "e", "f"].map((sku) => `L-${sku}`));
});

test("F: a line that is refused in a file is tried again alone, one without answer read back", async () => {
  const { merchant, marketplace, results, files } = await withFiles();
  await sellAll(merchant);
  await merchant.push("shopify");
  marketplace.reads.length = 0;
  marketplace.numbers.set("L-b", 9);
  results.push({
    outcome: "processed",
    results: files[0]?.map((line) => {
      if (line.externalId === "L-a") return { outcome: "rejected", why: "no such size" };
      if (line.externalId === "L-b") return { outcome: "unknown", why: "not in the report" };
      return marketplace.take(line);
    }) as [],
  });
  merchant.now += 1_000;
  await merchant.pollFiles("shopify");
  expect(await merchant.listing("shopify", "a")).toMatchObject({ tries: 1, fileId: null });
  merchant.now += 1_000;
  await merchant.push("shopify");
  expect(marketplace.reads).toEqual([["L-b"]]);
  expect(marketplace.sent.map((line) => line.externalId)).toEqual(["L-a"]);
  expect(await accepted(merchant)).toEqual([9, 9, 9, 9, 9, 9]);
});

test("F: a process that dies while it submits loses no line: the sweep finds it, all are read back", async () => {
  const { merchant, marketplace } = await withFiles();
  await sellAll(merchant);
  const { bulk } = marketplace;
  marketplace.bulk = { ...bulk, submit: () => Promise.reject(new Error("died here")) } as never;
  await expect(merchant.push("shopify")).rejects.toThrow("died here");
  marketplace.bulk = bulk;
  await merchant.push("shopify");
  expect(marketplace.sent, "nobody knows whether the file counts").toEqual([]);
  merchant.now += 120_000;
  const asked: string[] = [];
  const enqueue = async (name: string) => void asked.push(name);
  await pushSweep({ db: house.db, enqueue, now: () => merchant.now });
  expect(asked).toContain("file.poll");
  marketplace.reads.length = 0;
  await merchant.pollFiles("shopify");
  merchant.now += 1_000;
  await settle(merchant);
  expect(marketplace.reads[0]?.length).toBe(6);
  expect(await accepted(merchant)).toEqual([9, 9, 9, 9, 9, 9]);
});

test("F: a file that the marketplace refuses to take spends no try and doubts nothing", async () => {
  const { merchant, marketplace } = await withFiles();
  await sellAll(merchant);
  const { bulk } = marketplace;
  const retryAt = merchant.now + 5_000;
  const refused = { outcome: "throttled", retryAt, why: "too many files" } as const;
  marketplace.bulk = { ...bulk, submit: async () => refused } as never;
  await merchant.push("shopify");
  expect(await merchant.listing("shopify", "a")).toMatchObject({
    ...{ tries: 0, inDoubt: false, fileId: null, notBefore: new Date(retryAt) },
  });
  marketplace.bulk = bulk;
  merchant.now = retryAt;
  await settle(merchant);
  expect(await accepted(merchant)).toEqual([9, 9, 9, 9, 9, 9]);
});

test("F: a file that is never processed is given up, and its lines are read back", async () => {
  const { merchant, marketplace, results } = await withFiles();
  await sellAll(merchant);
  await merchant.push("shopify");
  merchant.now += 3 * 3_600_000;
  results.push({ outcome: "processing", againAt: merchant.now + 1_000 });
  await merchant.pollFiles("shopify");
  expect(await merchant.listing("shopify", "a")).toMatchObject({ inDoubt: true, fileId: null });
  marketplace.reads.length = 0;
  merchant.now += 1_000;
  await settle(merchant);
  expect(marketplace.reads.length).toBeGreaterThan(0);
  expect(await accepted(merchant)).toEqual([9, 9, 9, 9, 9, 9]);
});
