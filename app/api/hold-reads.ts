import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { HOLD_STATES } from "../../inventory/hold.ts";
import { type HoldLine, linesOfHold, listHoldLines } from "../../prisma/catalogue.ts";
import type { Services } from "../services.ts";
import { Problem } from "./problem.ts";
import { type Route, route } from "./route.ts";
import { limit, moment, named, page, pageOf, sku, units } from "./schemas.ts";

const lineSchema = named(
  "HoldLine",
  z.object({
    hold: z.string().describe("The hold it is a line of."),
    ...{ sku, quantity: units, channel: z.string().nullable() },
    state: z.enum(HOLD_STATES),
    expiresAt: moment,
  }),
);
const linePage = pageOf("HoldLinePage", lineSchema);
const linesSchema = named("HoldLines", z.object({ id: z.string(), lines: z.array(lineSchema) }));

const LINE = {
  ...{ hold: "b_4kQ0mYxV7v", sku: "TEE-BLK-M", quantity: 2, channel: "web" },
  ...{ state: "live", expiresAt: "2026-11-27T12:10:00.000Z" },
};

/** Holds as the record has them: a moment behind the ledger, which alone decides. Row C1. */
export function holdReads({ db }: Services): Route[] {
  const list = route({
    ...{ id: "listHolds", method: "get", path: "/holds", tag: "Holds", scope: "holds:read" },
    summary: "List lines of holds",
    query: z.object({
      state: z.enum(HOLD_STATES).default("live"),
      after: z.string().max(200).optional().describe("The last page's next."),
      limit,
    }),
    answer: { status: 200, description: "A page of lines.", schema: linePage },
    problems: [],
    examples: [
      {
        ...{ summary: "What is held now", query: { state: "live", limit: 10 } },
        answer: { data: [LINE], next: "b_4kQ0mYxV7v.0", more: false },
      },
    ],
    async handle({ caller: { shop }, query }) {
      const rows = await listHoldLines(db, shop, { ...query, limit: query.limit + 1 });
      const found = page(rows, query.limit, (row) => row.line);
      return { ...found, data: found.data.map(lineView) };
    },
  });
  const get = route({
    ...{ id: "getHold", method: "get", path: "/holds/{id}", tag: "Holds", scope: "holds:read" },
    summary: "Read a hold",
    params: z.object({ id: z.string().min(1).max(100).describe("The hold's id.") }),
    answer: {
      status: 200,
      description: "Its lines, and what became of them.",
      schema: linesSchema,
    },
    problems: ["unknown-hold"],
    examples: [{ summary: "One hold", answer: { id: LINE.hold, lines: [LINE] } }],
    async handle({ caller: { shop }, params: { id } }) {
      const rows = await soonRecorded(() => linesOfHold(db, shop, id));
      if (rows.length === 0) throw new Problem("unknown-hold", "The record knows no such hold.");
      return { id, lines: rows.map(lineView) };
    },
  });
  return [list, get];
}

/** What was held just now comes into the record a moment later: that moment is waited for. */
const LOOKS_MS = [20, 50, 100, 200, 400];

async function soonRecorded<T>(read: () => Promise<T[]>): Promise<T[]> {
  let rows = await read();
  for (const wait of LOOKS_MS) {
    if (rows.length > 0) break;
    await pause(wait);
    rows = await read();
  }
  return rows;
}

function lineView({ hold, sku, quantity, channel, state, expiresAt }: HoldLine) {
  const known = HOLD_STATES.find((one) => one === state) ?? "live";
  return { hold, sku, quantity, channel, state: known, expiresAt: expiresAt.toISOString() };
}
