import { describe, expect, test } from "vitest";
import { type ChannelFacts, channelState } from "../../app/channels/channel-state.ts";
import { limitTexts, noticeText } from "../../app/channels/channel-texts.ts";
import { CONNECTORS } from "../../connectors/registry.ts";
import { formatFor } from "../../inventory/format.ts";
import { DEFAULT_REGIONAL } from "../../inventory/regional.ts";

const FORMAT = formatFor(DEFAULT_REGIONAL);

const NOW = Date.UTC(2026, 10, 24, 12);
const DAY = 24 * 60 * 60_000;
const FINE: ChannelFacts = {
  ...{ title: "Amazon", disconnected: false, shutOut: null, paused: false, trouble: null },
  live: true,
  ...{ secretEnds: null, wanted: null },
  ...{ reconnectBy: null, ordersKnownTo: NOW, connectedAt: NOW - DAY, sweepEveryMs: 60_000 },
  ...{ deadLetters: 0, failing: 0, unmatched: 0, openDrift: 0, importError: null },
};

describe("F: how a connection is, and what its merchant is told", () => {
  test.each<[string, Partial<ChannelFacts>, string, string[]]>([
    ["nothing is wrong", {}, "working", []],
    ["consent ends in 31 days", { reconnectBy: NOW + 31 * DAY }, "working", []],
    ["in 30 days", { reconnectBy: NOW + 30 * DAY }, "attention", ["warning reconnect-before"]],
    ["in 8 days", { reconnectBy: NOW + 8 * DAY }, "attention", ["warning reconnect-before"]],
    ["in 7 days", { reconnectBy: NOW + 7 * DAY }, "attention", ["critical reconnect-before"]],
    ["now", { reconnectBy: NOW }, "attention", ["critical reconnect-passed"]],
    ["expired", { shutOut: "expired" }, "shut-out", ["critical expired"]],
    [
      "revoked, and its end is near",
      { shutOut: "revoked", reconnectBy: NOW + DAY },
      "shut-out",
      ["critical revoked"],
    ],
    [
      "shut out, which its trouble repeats",
      { shutOut: "forbidden", trouble: "Access: no scope", ordersKnownTo: 0 },
      "shut-out",
      ["critical forbidden"],
    ],
    [
      "our secret ends in 30 days",
      { secretEnds: NOW + 30 * DAY },
      "attention",
      ["warning secret-ends"],
    ],
    ["in 7 days", { secretEnds: NOW + 7 * DAY }, "attention", ["critical secret-ends"]],
    ["has ended", { secretEnds: NOW }, "attention", ["critical secret-ended"]],
    [
      "has ended, so that nobody is let in",
      { secretEnds: NOW - DAY, shutOut: "forbidden" },
      "shut-out",
      ["critical forbidden", "critical secret-ended"],
    ],
    ["a key is missing", { wanted: "EBAY_ALERT_EMAIL" }, "attention", ["warning key-wanted"]],
    ["paused", { paused: true }, "paused", ["info paused"]],
    ["not live yet", { live: false }, "not-live", ["warning not-live"]],
    [
      "disconnected, whatever else there was",
      { disconnected: true, shutOut: "revoked", paused: true, deadLetters: 3 },
      "disconnected",
      ["info disconnected"],
    ],
    ["orders 5 sweeps behind", { ordersKnownTo: NOW - 300_000 }, "working", []],
    ["more than 5", { ordersKnownTo: NOW - 300_001 }, "attention", ["warning orders-late"]],
    ["new, and not swept yet", { ordersKnownTo: null, connectedAt: NOW }, "working", []],
    ["unmatched listings alone", { unmatched: 4 }, "working", ["info unmatched"]],
    [
      "several things, worst first",
      { unmatched: 1, deadLetters: 2, trouble: "Reading orders: no" },
      "attention",
      ["critical trouble", "warning dead-letters", "info unmatched"],
    ],
  ])("%s", (_name, facts, state, notices) => {
    const found = channelState({ ...FINE, ...facts }, NOW);
    expect(found.state).toBe(state);
    expect(found.notices.map(({ tone, code }) => `${tone} ${code}`)).toEqual(notices);
  });
});

test("expired and revoked are told apart in words, and a date is named", () => {
  const said = (facts: Partial<ChannelFacts>) =>
    channelState({ ...FINE, ...facts }, NOW).notices.map((one) =>
      noticeText(one, "Amazon", FORMAT),
    );
  expect(said({ shutOut: "expired" })[0]).toContain("has come to its end");
  expect(said({ shutOut: "revoked" })[0]).toContain("was taken back");
  expect(said({ reconnectBy: NOW + 12 * DAY })[0]).toBe(
    "Reconnect before 6 Dec 2026: your consent at Amazon ends in 12 days. Nothing stops meanwhile.",
  );
});

test.each(Object.values(CONNECTORS))("$title's limits can be read by a person", ({ limits }) => {
  const lines = limitTexts(limits, FORMAT);
  expect(lines.length).toBeGreaterThanOrEqual(4);
  for (const { text } of lines) expect(text).not.toMatch(/undefined|NaN|Infinity|\d\.\d{3,}/);
});
