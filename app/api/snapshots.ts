import { z } from "zod";
import { missingIn } from "../../jobs/snapshot-lines.ts";
import {
  findSnapshot,
  LINE_STATES,
  listLines,
  SNAPSHOT_STATES,
  storeSnapshot,
} from "../../prisma/snapshots.ts";
import { runBatch } from "../files/batches.server.ts";
import type { Services } from "../services.ts";
import { invalid, Problem } from "./problem.ts";
import { reusedKey } from "./refusals.ts";
import { type Example, type Route, route } from "./route.ts";
import { count, limit, moment, named, page, pageOf } from "./schemas.ts";

/** Some hundred thousand lines; whoever has more sends several. */
const BODY_LIMIT = "16mb";
const MAX_COUNTS = 200_000;
const DAY_MS = 24 * 60 * 60_000;

const reason = z.string().trim().min(1).max(500);
const newSnapshot = named(
  "NewSnapshot",
  z.strictObject({
    counts: z
      .array(z.strictObject({ sku: z.string(), location: z.string(), quantity: z.number() }))
      .min(1)
      .max(MAX_COUNTS)
      .describe("Units that are there, sold and not shipped ones included."),
    countedAt: moment
      .optional()
      .describe("When it was counted: what came and went since then is added. Now when absent."),
    reason: reason.default("warehouse count"),
  }),
);
const lineSchema = named(
  "SnapshotLine",
  z.object({
    line: z.int().min(1).describe("Line of the file, or number of the entry."),
    sku: z.string(),
    location: z.string(),
    quantity: count.nullable(),
    state: z.enum(LINE_STATES),
    before: count.nullable().describe("Sellable units there before."),
    seq: z.int().nullable().describe("The movement that put it right."),
    error: z.string().nullable(),
  }),
);
const snapshotSchema = named(
  "Snapshot",
  z.object({
    id: z.string(),
    state: z.enum(SNAPSHOT_STATES).describe("waiting: until a person decides, in the app."),
    error: z.string().nullable().describe("Why it waits, or why none of it was applied."),
    batch: z.string().describe("Its number among the batches in the app: /app/batches/{batch}."),
    createdAt: moment,
    finishedAt: moment.nullable(),
    counts: z.object({
      pending: z.int(),
      applied: z.int(),
      unchanged: z.int(),
      failed: z.int(),
    }),
    lines: pageOf("SnapshotLinePage", lineSchema),
  }),
);
const accepted = named("AcceptedSnapshot", z.object({ id: z.string() }));

const CSV = "sku,location,quantity\nTEE-BLK-M,MAIN,36\nTEE-BLK-M,STORE,4\n";
const JSON_EXAMPLE: Example = {
  summary: "Two counts as JSON",
  body: {
    counts: [
      { sku: "TEE-BLK-M", location: "MAIN", quantity: 36 },
      { sku: "TEE-BLK-M", location: "STORE", quantity: 4 },
    ],
  },
  answer: { id: "sn_2f6c0f1b9a" },
};
const CSV_EXAMPLE: Example = { summary: "The same as CSV", text: CSV };
const RESULT_EXAMPLE: Example = {
  summary: "What became of it, failed lines first to look at",
  query: { state: "failed", limit: 10 },
  answer: {
    ...{ id: "sn_2f6c0f1b9a", state: "done", error: null, batch: "17" },
    ...{ createdAt: "2026-11-27T06:00:00.000Z", finishedAt: "2026-11-27T06:00:02.000Z" },
    counts: { pending: 0, applied: 1, unchanged: 0, failed: 1 },
    lines: {
      data: [
        {
          ...{ line: 2, sku: "TEE-BLK-X", location: "MAIN", quantity: 4, state: "failed" },
          ...{ before: null, seq: null, error: "no item has the SKU TEE-BLK-X" },
        },
      ],
      ...{ next: "2", more: false },
    },
  },
};

/** Counts of a warehouse in, what became of each line out. Row C3. */
export function snapshotRoutes(services: Services): Route[] {
  return [createSnapshot(services), getSnapshot(services)];
}

function createSnapshot(services: Services): Route {
  const { db, now } = services;
  return route({
    ...{ id: "createSnapshot", method: "post", path: "/snapshots", tag: "Snapshots" },
    scope: "snapshots:write",
    summary: "Send a warehouse's counts",
    description:
      "Kept first, then applied: each line sets what is sellable at its location, as one movement. " +
      "A line that cannot be applied keeps no other from it. An item that is counted twice at one " +
      "location is an error of both lines. CSV has the columns sku, location and quantity. Counts " +
      "that would take much of the catalogue to 0, or move much of it far, wait until a person " +
      "confirms them in the app, where they can be taken back, too.",
    ...{ body: newSnapshot, textType: "text/csv", limit: BODY_LIMIT },
    answer: {
      ...{ status: 202, description: "Kept: ask what became of it.", schema: accepted },
      links: { getSnapshot: { id: "id" } },
    },
    problems: ["idempotency-key-reused"],
    examples: [JSON_EXAMPLE, CSV_EXAMPLE],
    async handle({ caller: { shop, name }, key, body }) {
      const sent = readable(body, now());
      const by = { actor: `api:${name}`, title: `Counts from ${name}` };
      const stored = await storeSnapshot(db, { shop, key, ...by, ...sent });
      if (stored.outcome === "reused-key") throw reusedKey();
      await runBatch(services, stored.batch);
      return { id: stored.id };
    },
  });
}

/** What is kept of a request: its counts as text, as they came. */
function readable(body: z.output<typeof newSnapshot> | string, now: number) {
  if (typeof body === "string") {
    const missing = body.trim() === "" ? "the file is empty" : missingIn(body);
    if (missing) throw invalid([{ pointer: "#", detail: missing }]);
    return { body, csv: true, reason: "warehouse count", countedAt: null };
  }
  const { counts, countedAt, reason } = body;
  const at = countedAt === undefined ? null : new Date(countedAt);
  if (at && (at.getTime() > now || at.getTime() < now - 7 * DAY_MS)) {
    const detail = "must be in the last seven days";
    throw invalid([{ pointer: "#/countedAt", detail }]);
  }
  return { body: JSON.stringify(counts), csv: false, reason, countedAt: at };
}

function getSnapshot({ db }: Services): Route {
  return route({
    ...{ id: "getSnapshot", method: "get", path: "/snapshots/{id}", tag: "Snapshots" },
    scope: "snapshots:write",
    summary: "Ask what became of counts",
    params: z.object({ id: z.string().min(1).max(100).describe("The snapshot's id.") }),
    query: z.object({
      after: z.coerce.number().int().min(0).default(0).describe("The last page's next."),
      state: z.enum(LINE_STATES).optional().describe("Only lines in this state."),
      limit,
    }),
    answer: { status: 200, description: "Its state, and its lines.", schema: snapshotSchema },
    problems: ["unknown-snapshot"],
    examples: [RESULT_EXAMPLE],
    async handle({ caller: { shop }, params: { id }, query }) {
      const found = await findSnapshot(db, shop, id);
      if (!found) throw new Problem("unknown-snapshot", `There is no snapshot ${id}.`);
      const { state, error, batch, createdAt, finishedAt } = found;
      const rows = await listLines(db, shop, id, { ...query, limit: query.limit + 1 });
      return {
        ...{ id, state, error, batch, createdAt: createdAt.toISOString() },
        finishedAt: finishedAt?.toISOString() ?? null,
        counts: found.counts,
        lines: page(rows, query.limit, (row) => String(row.line)),
      };
    },
  });
}
