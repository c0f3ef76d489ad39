import { expect } from "vitest";
import type { LooseCommand } from "./open-ledger.ts";

export const receive = (quantity: number): LooseCommand => ({
  type: "receive",
  location: "main",
  quantity,
});
export const hold = (id: string, quantity: number, channel?: string): LooseCommand => ({
  type: "hold",
  hold: id,
  quantity,
  channel,
  ttlMs: 600_000,
});
export const fact = (
  type: "sell" | "cancel",
  quantity: number,
  channel = "shopify",
): LooseCommand => ({
  type,
  order: "o1",
  connection: "c1",
  quantity,
  channel,
});
export const ship = (quantity: number): LooseCommand => ({
  type: "ship",
  order: "o1",
  connection: "c1",
  quantity,
  location: "main",
  channel: "shopify",
});
export const commit = (id: string, order = "o1"): LooseCommand => ({
  type: "commit",
  hold: id,
  order,
  connection: "c1",
});
export const allocate = (channel: string, quantity: number): LooseCommand => ({
  type: "allocate",
  channel,
  quantity,
});
export const adjust = (
  delta: number,
  bucket: "sellable" | "damaged" = "sellable",
): LooseCommand => ({
  type: "adjust",
  bucket,
  location: "main",
  delta,
});

export const transfer = (quantity: number, from = "main", to = "store"): LooseCommand => ({
  type: "transfer",
  bucket: "sellable",
  ...{ from, to, quantity },
});

/** One decision of the ledger: what was so, what is asked, what is answered, what is left. */
export interface Case {
  rule: string;
  given: LooseCommand[];
  when: LooseCommand;
  /** The answer, without what every answer has. */
  answers: Record<string, unknown>;
  /** Sellable, committed, held and available afterwards. */
  leaves: [sellable: number, committed: number, held: number, available: number];
}

export const CASES: Case[] = [
  {
    rule: "a hold takes what is available",
    given: [receive(5)],
    when: hold("h", 5),
    answers: { outcome: "applied", repeated: false, oversold: 0 },
    leaves: [5, 0, 5, 0],
  },
  {
    rule: "a hold on more than is available is refused with what is",
    given: [receive(5), hold("a", 3)],
    when: hold("b", 3),
    answers: { outcome: "insufficient", available: 2 },
    leaves: [5, 0, 3, 2],
  },
  {
    rule: "available is told as 0 when the item is oversold",
    given: [receive(1), fact("sell", 4)],
    when: hold("b", 1),
    answers: { outcome: "insufficient", available: 0 },
    leaves: [1, 4, 0, -3],
  },
  {
    rule: "a marketplace's sale is a fact, taken with the units it oversells",
    given: [receive(2)],
    when: fact("sell", 5),
    answers: { outcome: "applied", repeated: false, oversold: 3 },
    leaves: [2, 5, 0, -3],
  },
  {
    rule: "a sale of an oversold item counts only its own units as oversold",
    given: [receive(2), { ...fact("sell", 5), order: "o0" } as LooseCommand],
    when: fact("sell", 2),
    answers: { outcome: "applied", oversold: 2 },
    leaves: [2, 7, 0, -5],
  },
  {
    rule: "a commit turns the hold's units into committed ones",
    given: [receive(5), hold("h", 2)],
    when: commit("h"),
    answers: { outcome: "applied", hold: expect.objectContaining({ id: "h", state: "committed" }) },
    leaves: [5, 2, 0, 3],
  },
  {
    rule: "a commit and the webhook of the same order are one sale",
    given: [receive(5), hold("h", 2), fact("sell", 2)],
    when: commit("h"),
    answers: { outcome: "applied", repeated: false },
    leaves: [5, 2, 0, 3],
  },
  {
    rule: "committing twice to the same order answers the same",
    given: [receive(5), hold("h", 2), commit("h")],
    when: commit("h"),
    answers: { outcome: "applied", repeated: true },
    leaves: [5, 2, 0, 3],
  },
  {
    rule: "a committed hold cannot be committed to another order",
    given: [receive(5), hold("h", 2), commit("h")],
    when: commit("h", "o2"),
    answers: { outcome: "hold-over", state: "committed" },
    leaves: [5, 2, 0, 3],
  },
  {
    rule: "a released hold gives its units back, and is over",
    given: [receive(5), hold("h", 2), { type: "release", hold: "h" }],
    when: { type: "extend", hold: "h", ttlMs: 1000 },
    answers: { outcome: "hold-over", state: "released" },
    leaves: [5, 0, 0, 5],
  },
  {
    rule: "a hold nobody took is unknown",
    given: [receive(5)],
    when: { type: "release", hold: "nobody" },
    answers: { outcome: "unknown-hold" },
    leaves: [5, 0, 0, 5],
  },
  {
    rule: "the same hold asked for under a new activity is the same hold",
    given: [receive(5), hold("h", 2)],
    when: hold("h", 2),
    answers: { outcome: "applied", repeated: true },
    leaves: [5, 0, 2, 3],
  },
  {
    rule: "a hold's id with another quantity was used for something else",
    given: [receive(5), hold("h", 2)],
    when: hold("h", 3),
    answers: { outcome: "reused-activity" },
    leaves: [5, 0, 2, 3],
  },
  {
    rule: "a cancellation before its order takes the order's units off in advance",
    given: [receive(5), fact("cancel", 1)],
    when: fact("sell", 3),
    answers: { outcome: "applied", oversold: 0 },
    leaves: [5, 2, 0, 3],
  },
  {
    rule: "a fact that says nothing new is answered without a movement",
    given: [receive(5), fact("sell", 3)],
    when: fact("sell", 2),
    answers: { outcome: "applied", repeated: true, seq: expect.any(Number) },
    leaves: [5, 3, 0, 2],
  },
  {
    rule: "a shipment takes the units off the shelf and out of committed",
    given: [receive(5), fact("sell", 3)],
    when: ship(2),
    answers: { outcome: "applied", oversold: 0 },
    leaves: [3, 1, 0, 2],
  },
  {
    rule: "a shipment that is taken back puts its units on the shelf, and they are owed again",
    given: [receive(5), fact("sell", 2), ship(2)],
    when: { ...ship(2), type: "unship" } as LooseCommand,
    answers: { outcome: "applied", oversold: 0 },
    leaves: [5, 2, 0, 3],
  },
  {
    rule: "a shipment nobody sold takes the shelf below zero: it is a fact",
    given: [receive(1)],
    when: ship(2),
    answers: { outcome: "applied", oversold: 1 },
    leaves: [-1, 0, 0, -1],
  },
  {
    rule: "what the record knows of a forgotten line is not sold again",
    given: [receive(5)],
    when: { ...fact("sell", 3), known: { ordered: 3, cancelled: 0, shipped: 3 } } as LooseCommand,
    answers: { outcome: "applied", repeated: true },
    leaves: [5, 0, 0, 5],
  },
  {
    rule: "a correction may go below zero, and oversells what it takes away",
    given: [receive(5), hold("h", 4)],
    when: adjust(-7),
    answers: { outcome: "applied", oversold: 6 },
    leaves: [-2, 0, 4, -6],
  },
  {
    rule: "a correction of damaged units changes nothing that can be sold",
    given: [receive(5)],
    when: adjust(2, "damaged"),
    answers: { outcome: "applied", oversold: 0 },
    leaves: [5, 0, 0, 5],
  },
  {
    rule: "B8: a transfer moves units and leaves what is available as it was",
    given: [receive(5), hold("h", 2)],
    when: transfer(4),
    answers: {
      outcome: "applied",
      oversold: 0,
      stock: expect.objectContaining({ physical: { sellable: { main: 1, store: 4 } } }),
    },
    leaves: [1, 0, 2, 3],
  },
  {
    rule: "B8: more than is at a location cannot be moved away, however much there is elsewhere",
    given: [receive(5), transfer(4)],
    when: transfer(2),
    answers: { outcome: "insufficient", available: 1 },
    leaves: [1, 0, 0, 5],
  },
  {
    rule: "B8: a shelf below zero has nothing to move away",
    given: [adjust(-2)],
    when: transfer(1),
    answers: { outcome: "insufficient", available: 0 },
    leaves: [-2, 0, 0, -2],
  },
  {
    rule: "units set aside for a channel are not available to others",
    given: [receive(5), allocate("amazon", 4)],
    when: hold("h", 2, "shopify"),
    answers: { outcome: "insufficient", available: 1 },
    leaves: [5, 0, 0, 1],
  },
  {
    rule: "a channel sells its own allocation, which is used up",
    given: [receive(5), allocate("amazon", 4)],
    when: hold("h", 3, "amazon"),
    answers: { outcome: "applied", stock: expect.objectContaining({ allocated: { amazon: 1 } }) },
    leaves: [5, 0, 3, 1],
  },
  {
    rule: "more than the pool has cannot be set aside",
    given: [receive(5), hold("h", 2)],
    when: allocate("amazon", 4),
    answers: { outcome: "insufficient", available: 3 },
    leaves: [5, 0, 2, 3],
  },
  {
    rule: "more than is left of an allocation cannot be given back",
    given: [receive(5), allocate("amazon", 3), fact("sell", 2, "amazon")],
    when: allocate("amazon", -2),
    answers: { outcome: "insufficient", available: 1 },
    leaves: [5, 2, 0, 2],
  },
];
