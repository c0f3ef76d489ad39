import { describe, expect, test } from "vitest";
import type { OrderActivity } from "../../../inventory/activity.ts";
import { commandsOf, type Translation } from "../../../jobs/handlers/inbox-commands.ts";
import { activity } from "./fake-connector.ts";

const by: Translation = {
  shop: "shop",
  channel: "fake",
  connection: "c1",
  matches: new Map([
    ["single", { parts: [{ item: "tea", units: 1 }] }],
    ["pack", { parts: [{ item: "tea", units: 6 }] }],
    ["cup", { parts: [{ item: "cup", units: 1 }] }],
    [
      "kit",
      {
        parts: [
          { item: "cup", units: 2 },
          { item: "tea", units: 1 },
        ],
      },
    ],
  ]),
  locations: ["MAIN", "STORE"],
  known: () => undefined,
};

/** What a command says, short enough for a table: fact, item, units, location. */
function told(activities: OrderActivity[]): string[] {
  return commandsOf(activities, by).commands.map((command) => {
    const quantity = "quantity" in command ? command.quantity : 0;
    const from = command.type === "ship" ? ` from ${command.location}` : "";
    return `${command.type} ${command.item} ${quantity}${from}`;
  });
}

const at = (ms: number) => ({ at: ms });
const from = (location: string, ms = 0) => ({ location, at: ms });

describe("commandsOf", () => {
  test.each<[string, OrderActivity[], string[]]>([
    ["a sale is a command", [activity("sell", "1", "single", 2)], ["sell tea 2"]],
    ["a pack takes its units", [activity("sell", "1", "pack", 2)], ["sell tea 12"]],
    [
      "a kit takes every part, beside what is sold alone",
      [activity("sell", "1", "kit", 3), activity("sell", "1", "cup", 1)],
      ["sell cup 7", "sell tea 3"],
    ],
    [
      "two listings of one item in one order add up",
      [activity("sell", "1", "single", 2), activity("sell", "1", "pack", 1)],
      ["sell tea 8"],
    ],
    [
      "a fact told twice in a message counts once",
      [activity("sell", "1", "single", 2), activity("sell", "1", "single", 2)],
      ["sell tea 2"],
    ],
    [
      "orders and facts are apart",
      [
        activity("sell", "1", "single", 2),
        activity("sell", "2", "single", 1),
        activity("cancel", "1", "single", 1),
      ],
      ["sell tea 2", "sell tea 1", "cancel tea 1"],
    ],
    [
      "a shipment leaves from the first location when none is said",
      [activity("ship", "1", "cup", 1)],
      ["ship cup 1 from MAIN"],
    ],
    [
      "shipments from several locations keep their order in time",
      [
        activity("ship", "1", "single", 5, from("STORE", 9)),
        activity("ship", "1", "single", 2, from("MAIN", 3)),
        activity("ship", "1", "pack", 1, from("MAIN", 4)),
      ],
      ["ship tea 8 from MAIN", "ship tea 11 from STORE"],
    ],
  ])("B7, D8: %s", (_title, activities, expected) => {
    expect(told(activities)).toEqual(expected);
  });

  test("D8: a command is named by its fact and carries what the history wants to know", () => {
    const { commands } = commandsOf([activity("sell", "1", "single", 2, at(42))], by);
    expect(commands).toEqual([
      {
        type: "sell",
        shop: "shop",
        item: "tea",
        activity: "c1/1/tea/sell/2",
        occurredAt: 42,
        channel: "fake",
        connection: "c1",
        actor: "fake",
        order: "1",
        quantity: 2,
      },
    ]);
  });

  test("D8: what the record knows of the order goes with the command", () => {
    const line = { ordered: 3, cancelled: 0, shipped: 0 };
    const known = (order: string, item: string) => {
      return order === "1" && item === "tea" ? line : undefined;
    };
    const activities = [activity("cancel", "1", "single", 1), activity("sell", "1", "cup", 1)];
    const { commands } = commandsOf(activities, { ...by, known });
    expect(commands.map((command) => "known" in command && command.known)).toEqual([line, false]);
  });

  test("D9: every problem is named once, and the rest is done", () => {
    const { commands, problems } = commandsOf(
      [
        activity("sell", "1", "unknown", 1),
        activity("cancel", "1", "unknown", 1),
        activity("sell", "1", "single", 1),
        activity("ship", "1", "single", 1, from("MOON")),
      ],
      by,
    );
    expect(commands.map((command) => command.type)).toEqual(["sell"]);
    expect(problems).toEqual([
      "no item is matched to SKU SKU-unknown",
      "no location has the code MOON",
    ]);
  });

  test("D9: a shop without a location ships nothing and says so", () => {
    const { commands, problems } = commandsOf([activity("ship", "1", "single", 1)], {
      ...by,
      locations: [],
    });
    expect([commands, problems]).toEqual([[], ["the shop has no location"]]);
  });
});
