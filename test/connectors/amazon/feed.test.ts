import { expect, test } from "vitest";
import { resultsOf } from "../../../connectors/amazon/feed.ts";
import type { PushLine } from "../../../connectors/connector.ts";

const lines: PushLine[] = ["A", "B", "C"].map((sku) => ({
  externalId: sku,
  handle: { sku },
  quantity: 1,
  expected: null,
  key: sku,
}));

interface Told {
  accepted: number;
  issues?: { messageId?: number; severity: string; message: string }[];
}

const report = ({ accepted, issues }: Told) =>
  JSON.stringify({ ...(issues ? { issues } : {}), summary: { messagesAccepted: accepted } });

const error = (messageId?: number) => ({
  ...(messageId ? { messageId } : {}),
  severity: "ERROR",
  message: "wrong",
});

const rows: [title: string, told: Told, outcomes: string][] = [
  ["all were accepted", { accepted: 3 }, "accepted accepted accepted"],
  ["one has an error", { accepted: 2, issues: [error(2)] }, "accepted rejected accepted"],
  [
    "one has two errors, which is still one line",
    { accepted: 2, issues: [error(2), error(2)] },
    "accepted rejected accepted",
  ],
  [
    "a warning hinders nothing",
    { accepted: 3, issues: [{ ...error(1), severity: "WARNING" }] },
    "accepted accepted accepted",
  ],
  [
    "fewer were accepted than are clean, and nobody says which",
    { accepted: 1, issues: [error(2)] },
    "unknown rejected unknown",
  ],
  [
    "the feed as a whole was wrong",
    { accepted: 0, issues: [error()] },
    "rejected rejected rejected",
  ],
  ["nothing was accepted, without a reason", { accepted: 0 }, "unknown unknown unknown"],
];

test.each(rows)("F: %s", (_title, told, outcomes) => {
  const results = resultsOf(report(told), lines);
  expect(results.map((one) => one.outcome).join(" ")).toBe(outcomes);
});

test.each(["", "<xml/>", "{}", "null"])("F: a report that is none (%j) proves nothing", (text) => {
  expect(resultsOf(text, lines).map((one) => one.outcome)).toEqual(Array(3).fill("unknown"));
});
