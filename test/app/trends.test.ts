import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whatIsWrong } from "../../app/overview/overview-texts.ts";
import { readTrends } from "../../app/overview/trends.server.ts";
import { spanOf, spanStart, trendOf } from "../../app/overview/trends.ts";
import { formatFor } from "../../inventory/format.ts";
import { DEFAULT_REGIONAL } from "../../inventory/regional.ts";
import { startWorld, type World } from "./world.ts";

const NOW = Date.UTC(2026, 10, 25, 9, 30, 20);
const MINUTE = 60_000;

describe("a chart has every step of its time, whatever happened in it", () => {
  const at = new Date(Date.UTC(2026, 10, 25, 9, 29));
  const rows = [
    { at, series: "shopify", count: 3 },
    { at, series: "amazon", count: 2 },
  ];
  const trend = trendOf(rows, "hour", NOW);

  test("sixty minutes, of which one has sales", () => {
    expect(trend.steps).toHaveLength(60);
    expect(trend.steps.at(-1)).toEqual({ at: Date.UTC(2026, 10, 25, 9, 30), counts: {} });
    expect(trend.steps.at(-2)).toEqual({ at: at.getTime(), counts: { shopify: 3, amazon: 2 } });
    expect(trend).toMatchObject({ series: ["amazon", "shopify"], total: 5 });
  });

  test("a day is 24 hours that end with this one", () => {
    expect(new Date(spanStart("day", NOW)).toISOString()).toBe("2026-11-24T10:00:00.000Z");
    expect(trendOf([], "day", NOW).steps).toHaveLength(24);
  });

  test("an address that was typed wrongly shows the last hour", () => {
    expect(
      ["?span=day", "?span=year", ""].map((search) => spanOf(`http://a/app${search}`)),
    ).toEqual(["day", "hour", "hour"]);
  });
});

describe("each thing that is wrong says what to do next", () => {
  const FINE = {
    ...{ items: 1, oversold: 0, late: 0, failing: 0 },
    ...{ deadLetters: 0, waitingCounts: 0, troubled: [] },
  };
  const lines = (summary: Partial<typeof FINE>, decides = true) =>
    whatIsWrong({ ...FINE, ...summary }, decides, formatFor(DEFAULT_REGIONAL)).map(
      ({ key, next }) => [key, next],
    );
  test.each([
    ["nothing", {}, []],
    ["an oversold item first", { failing: 1, oversold: 2 }, ["oversold", "failing"]],
    ["everything", { oversold: 1, late: 1, failing: 1, deadLetters: 1 }, ["oversold", "late"]],
  ])("%s", (_name, summary, keys) => {
    const found = lines(summary);
    expect(found.slice(0, keys.length).map(([key]) => key)).toEqual(keys);
    expect(found.every(([, next]) => next !== "")).toBe(true);
  });

  test("who may not decide about dead letters is not sent to them", () => {
    expect(lines({ deadLetters: 1 }, false)).toEqual([["dead", ""]]);
    expect(lines({ waitingCounts: 1 }, true)).toEqual([["counts", "Look"]]);
  });
});

describe("E4: the charts count what the record knows", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  test("units by channel and minute, pushes by how they were answered, and nobody else's", async () => {
    const { db } = world.services;
    await world.stock("TEA", 10);
    const item = await world.item("TEA");
    const sale = (order: string, channel: string, quantity: number) =>
      world.apply({
        ...{ shop: world.shop.id, item, activity: order, type: "sell", connection: "c1" },
        ...{ order, channel, quantity },
      });
    await sale("o1", "amazon", 2);
    await sale("o2", "shopify", 3);
    await sale("o3", "shopify", 1);
    const sentAt = new Date(Date.now() - 2 * MINUTE);
    const push = { shopId: world.shop.id, listingId: "l1", seq: 1n, quantity: 4, sentAt };
    await db.push.createMany({
      data: [
        { ...push, outcome: "accepted", answeredAt: sentAt },
        { ...push, outcome: "rejected", answeredAt: sentAt },
        { ...push, outcome: "accepted", answeredAt: new Date(Date.now() - 90 * MINUTE) },
        { ...push, shopId: "another", outcome: "accepted", answeredAt: sentAt },
      ],
    });
    const { sold, pushed } = await readTrends(db, world.shop.id, "hour", Date.now());
    const sum = (key: string) => sold.steps.reduce((all, step) => all + (step.counts[key] ?? 0), 0);
    expect([sum("amazon"), sum("shopify"), sold.total]).toEqual([2, 4, 6]);
    expect(pushed).toMatchObject({ series: ["accepted", "failed"], total: 2 });
    expect((await readTrends(db, world.shop.id, "day", Date.now())).pushed.total).toBe(3);
  });
});
