import type { AppLoadContext } from "@remix-run/node";
import { BATCH_KINDS, type BatchState, mayBeUndone } from "../../inventory/batch.ts";
import { mayGoAhead } from "../../inventory/blast-radius.ts";
import type { Permission } from "../../inventory/role.ts";
import type { FileOptions } from "../../jobs/batches/kind.ts";
import { FORMATS } from "../../jobs/imports/formats.ts";
import { missingColumns, sharedColumns } from "../../jobs/imports/mapping.ts";
import { listRows } from "../../prisma/batch-rows.ts";
import {
  type BatchFields,
  type BatchRow,
  findBatch,
  listBatches,
  openUndo,
  resumeBatch,
  turnBatch,
} from "../../prisma/batches.ts";
import { actorOf, type Merchant } from "../access/person.ts";
import { withWho } from "../access/who.server.ts";
import { GONE } from "./batch-texts.ts";
import { mayImport, maySee } from "./import-kind.ts";
import { refuseUnseen } from "./see-kind.server.ts";

const PAGE = 25;

export async function readBatches(
  { services }: AppLoadContext,
  { id: shop, person }: Merchant,
  before: string | undefined,
) {
  const kinds = BATCH_KINDS.filter((kind) => maySee(person.can, kind));
  const rows = await listBatches(services.db, shop, { kinds, before, limit: PAGE + 1 });
  const shown = rows.slice(0, PAGE).map(({ options: _, radius: __, ...batch }) => batch);
  const batches = await withWho(services, shop, shown);
  return { batches, older: rows.length > PAGE ? batches.at(-1)?.id : undefined };
}

/** Everything a batch's page shows; null when the shop has no such batch. */
export async function readBatch(
  { services }: Pick<AppLoadContext, "services">,
  merchant: Merchant,
  id: string,
  after: number,
) {
  const shop = merchant.id;
  const found = await findBatch(services.db, shop, id);
  if (!found || found.state === "uploading") return null;
  refuseUnseen(merchant, found.kind);
  const page = { only: "problems", after, limit: PAGE + 1 } as const;
  const rows = await listRows(services.db, shop, id, page);
  const { options, ...rest } = found;
  const [batch = { ...rest, who: null }] = await withWho(services, shop, [rest]);
  return {
    batch,
    /** How the file is read; null where there was none. */
    file: found.undoes === null && isFile(options) ? options : null,
    problems: rows.slice(0, PAGE).map(({ line, problems }) => ({ line, problems })),
    next: rows.length > PAGE ? rows[PAGE - 1]?.line : undefined,
    first: after < 0,
  };
}

export type BatchPage = NonNullable<Awaited<ReturnType<typeof readBatch>>>;

function isFile(options: unknown): options is FileOptions {
  return typeof options === "object" && options !== null && "header" in options;
}

export type BatchResult =
  | { outcome: "turned" }
  /** It is taken back by a batch of its own, which waits for a look. */
  | { outcome: "undone"; batch: string }
  | { outcome: "refused"; why: string };

/** What a person may have a batch do, by the form's `intent`. */
const INTENTS = ["check", "apply", "stop", "resume", "discard", "undo"] as const;
type Intent = (typeof INTENTS)[number];

/** Does with a batch what a person asks for. */
export async function changeBatch(
  context: AppLoadContext,
  merchant: Merchant,
  id: string,
  form: FormData,
): Promise<BatchResult> {
  const intent = INTENTS.find((one) => one === form.get("intent"));
  const batch = await findBatch(context.services.db, merchant.id, id);
  if (!intent || !batch) return { outcome: "refused", why: GONE };
  const { can } = merchant.person;
  if (!may(can, intent, batch)) {
    return { outcome: "refused", why: "Your role does not allow this. Ask an owner." };
  }
  switch (intent) {
    case "check":
      return check(context, batch, form);
    case "apply":
      return apply(context, batch, form);
    case "stop":
      return turn(context, batch, ["applying"], "stopped");
    case "resume":
      return resume(context, batch);
    case "discard":
      return discard(context, batch);
    case "undo":
      return undo(context, merchant, batch);
  }
}

function may(can: (permission: Permission) => boolean, intent: Intent, batch: BatchRow): boolean {
  if (intent === "undo" || batch.undoes !== null) return can("batches.undo");
  return mayImport(can, batch.kind);
}

/** Reads the file anew by the columns that were chosen. Nothing changes by it. */
async function check(
  context: AppLoadContext,
  batch: BatchRow,
  form: FormData,
): Promise<BatchResult> {
  const { options } = batch;
  if (!isFile(options)) return { outcome: "refused", why: GONE };
  const format = FORMATS[batch.kind];
  const chosen = format.columns.flatMap(({ key }) => {
    const at = String(form.get(`column.${key}`) ?? "");
    return /^\d{1,3}$/.test(at) && Number(at) < options.header.length ? [[key, Number(at)]] : [];
  });
  const mapping: Record<string, number> = Object.fromEntries(chosen);
  const missing = missingColumns(format, mapping);
  if (missing.length > 0) {
    return { outcome: "refused", why: `Choose a column for ${missing.join(" and for ")}.` };
  }
  const shared = sharedColumns(format, mapping);
  if (shared.length > 0) {
    const why = `${shared.join(" and ")} cannot come from one column.`;
    return { outcome: "refused", why };
  }
  const rows = "rows" in options ? Number(options.rows) : null;
  const fields = { options: { ...options, mapping }, total: rows, radius: null, anew: true };
  const from: BatchState[] = ["mapping", "checked"];
  // What was applied is in the rows, which a check makes anew.
  if (batch.appliedAt === null) from.push("failed");
  return turn(context, batch, from, "checking", fields);
}

/** Applies what was checked. What reaches too far goes on only for this very list. */
async function apply(
  context: AppLoadContext,
  batch: BatchRow,
  form: FormData,
): Promise<BatchResult> {
  const confirmed = String(form.get("confirm") ?? "");
  if (batch.radius && !mayGoAhead(batch.radius, confirmed)) {
    return { outcome: "refused", why: "This reaches far. Look at the list, and confirm it." };
  }
  const ready = batch.counts.ready ?? 0;
  if (ready === 0) return { outcome: "refused", why: "There is nothing to apply." };
  return turn(context, batch, ["checked"], "applying", { confirmed, total: ready });
}

async function resume({ services }: AppLoadContext, batch: BatchRow): Promise<BatchResult> {
  const stands = batch.state === "stopped" || batch.state === "failed";
  if (!stands || !(await resumeBatch(services.db, batch))) return { outcome: "refused", why: GONE };
  await runBatch(services, batch.id);
  return { outcome: "turned" };
}

async function discard(context: AppLoadContext, batch: BatchRow): Promise<BatchResult> {
  const early: BatchState[] = ["mapping", "checking", "checked"];
  const from: BatchState[] = batch.appliedAt === null ? [...early, "failed"] : [];
  return turn(context, batch, from, "discarded");
}

/** Begins the batch that takes this one back: its rows are found first, and shown. */
async function undo(
  { services }: AppLoadContext,
  merchant: Merchant,
  batch: BatchRow,
): Promise<BatchResult> {
  if (batch.undoneBy !== null) return { outcome: "undone", batch: batch.undoneBy };
  if (!mayBeUndone(batch.state) || batch.appliedAt === null) {
    return { outcome: "refused", why: GONE };
  }
  const id = await openUndo(services.db, batch, actorOf(merchant));
  if (id === null) return { outcome: "refused", why: GONE };
  await runBatch(services, id);
  return { outcome: "undone", batch: id };
}

async function turn(
  { services }: AppLoadContext,
  batch: BatchRow,
  from: readonly BatchState[],
  to: BatchState,
  fields: BatchFields = {},
): Promise<BatchResult> {
  const turned = from.includes(batch.state)
    ? await turnBatch(services.db, batch, to, fields)
    : null;
  if (!turned) return { outcome: "refused", why: GONE };
  if (to === "checking" || to === "applying") await runBatch(services, batch.id);
  return { outcome: "turned" };
}

/** The sweeper finds what a queue that is away did not take. */
export async function runBatch(
  { queues, log }: AppLoadContext["services"],
  batch: string,
): Promise<void> {
  await queues.enqueue("batch.run", { batch }).catch((error: unknown) => {
    log.warn({ error: String(error), batch }, "a batch was not asked for: a sweep will");
  });
}
