import { expect, test } from "vitest";
import { readOneIn } from "../../inventory/read-sample.ts";

const WALMART = { batch: 1, perSecond: 200 / 60 };
const AMAZON = { batch: 20, perSecond: 5 };

const rows: [why: string, unseen: number, pushed: number, rate: typeof WALMART, oneIn: number][] = [
  ["what a minute reads is read whole", 200, 10_000, WALMART, 1],
  ["beyond it, 300 of the catalogue", 201, 10_000, WALMART, 33],
  ["the same sample while it is read", 9_000, 10_000, WALMART, 33],
  ["a small catalogue is its own sample", 599, 599, WALMART, 1],
  ["twenty a call: six thousand in a minute", 6_000, 100_000, AMAZON, 1],
  ["and a hundred thousand by their sample", 100_000, 100_000, AMAZON, 333],
  ["nothing to read", 0, 0, AMAZON, 1],
];

test.each(rows)("H5: %s", (_, unseen, pushed, rate, oneIn) => {
  expect(readOneIn({ unseen, pushed, ...rate })).toBe(oneIn);
});
