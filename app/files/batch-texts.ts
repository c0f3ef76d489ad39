import type { BatchKind, BatchState } from "../../inventory/batch.ts";
import type { Format } from "../../inventory/format.ts";
import type { BatchRow } from "../../prisma/batches.ts";

/** What a merchant reads of imports and other batches. */

const NOUNS: Record<BatchKind, [one: string, many: string]> = {
  quantities: ["quantity", "quantities"],
  items: ["item", "items"],
  locations: ["location", "locations"],
  buffers: ["buffer rule", "buffer rules"],
  listings: ["listing match", "listing matches"],
};

/** "3 quantities". */
export function countedRows(kind: BatchKind, count: number, { counted }: Format): string {
  const [one, many] = NOUNS[kind];
  return counted(count, one, many);
}

export function kindText(kind: BatchKind): string {
  const [, many] = NOUNS[kind];
  return many.charAt(0).toUpperCase() + many.slice(1);
}

type Tone = "success" | "info" | "attention" | "critical" | undefined;

const STATES: Record<BatchState, { text: string; tone: Tone }> = {
  uploading: { text: "Uploading", tone: "info" },
  mapping: { text: "Columns to choose", tone: "attention" },
  checking: { text: "Checking", tone: "info" },
  checked: { text: "Waits for you", tone: "attention" },
  applying: { text: "Under way", tone: "info" },
  stopped: { text: "Stopped", tone: "attention" },
  failed: { text: "Failed", tone: "critical" },
  done: { text: "Done", tone: "success" },
  discarded: { text: "Thrown away", tone: undefined },
};

export function stateText(state: BatchState): { text: string; tone: Tone } {
  return STATES[state];
}

type Told = Pick<BatchRow, "kind" | "state" | "counts" | "done" | "total" | "undoes">;

/** What has come of a batch so far, in a sentence. */
export function batchText(batch: Told, format: Format): string {
  const { kind, state, counts, done, total, undoes } = batch;
  const of = total === null ? "" : ` of ${format.number(total)}`;
  const { ready = 0, applied = 0, refused = 0 } = counts;
  switch (state) {
    case "uploading":
      return "The file is being uploaded.";
    case "mapping":
      return `${format.counted(total ?? 0, "row")} uploaded. Say which column is which.`;
    case "checking":
      return counts.measured === undefined
        ? `${format.number(done)}${of} rows checked.`
        : `All rows are checked. How far they reach is being measured: ${format.number(counts.measured)} looked at.`;
    case "checked":
      return undoes === null ? checkedText(batch, format) : backText(kind, ready, format);
    case "applying":
      return `${format.number(done)}${of} applied.`;
    case "stopped":
    case "failed":
      return `${format.number(done)}${of} applied before it ended.`;
    case "done": {
      const took = undoes === null ? "changed" : "taken back";
      const left = refused > 0 ? `, ${format.number(refused)} not` : "";
      return `${countedRows(kind, applied, format)} ${took}${left}.`;
    }
    case "discarded":
      return "Nothing was changed.";
  }
}

function checkedText({ kind, counts }: Told, format: Format): string {
  const { ready = 0, same = 0, bad = 0 } = counts;
  const parts = [`${countedRows(kind, ready, format)} can be applied`];
  if (same > 0) parts.push(`${format.number(same)} say what is so already`);
  if (bad > 0) parts.push(`${format.counted(bad, "line")} cannot be used`);
  return `${parts.join(", ")}. Nothing has changed yet.`;
}

function backText(kind: BatchKind, ready: number, format: Format): string {
  if (ready === 0) return "There is nothing to take back.";
  const what =
    kind === "quantities" ? format.counted(ready, "movement") : countedRows(kind, ready, format);
  return `${what} would be taken back. What happened since, sales above all, stays.`;
}

/** What an undo or a file would leave below zero. */
export function oversoldText(count: number, { counted }: Format): string {
  return `${counted(count, "item")} would have fewer units than are sold, held or set aside: oversold.`;
}

/** What a state's button does. */
export const ACTIONS = {
  check: "Check the file",
  recheck: "Check again",
  apply: "Apply",
  stop: "Stop",
  resume: "Go on",
  discard: "Throw away",
  undo: "Take it back",
  undoNow: "Take it back now",
} as const;

export const GONE = "This has changed meanwhile: look at it as it is now.";
