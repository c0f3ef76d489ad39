import type { Format } from "../inventory/format.ts";
import type { TaskRow } from "../prisma/tasks.ts";

const NAMES = { import: "Import", feed: "Full feed" } as const;

const COUNTS: Record<string, string> = {
  added: "new",
  matched: "matched",
  unmatched: "unmatched",
  gone: "gone",
  drifting: "with another number",
  read: "read back",
  pushed: "pushed",
  healed: "healed",
};

/** Long work on a connection as a sentence. */
export function taskText(
  { kind, state, done, total, counts, error }: TaskRow,
  format: Format,
): string {
  const { counted, number } = format;
  const name = NAMES[kind];
  const of =
    total === null ? counted(done, "listing") : `${number(done)} of ${counted(total, "listing")}`;
  switch (state) {
    case "running":
      return `${name} under way: ${of}`;
    case "done":
      return `${name} done: ${[counted(done, "listing"), ...countTexts(counts, format)].join(", ")}`;
    case "failed":
      return `${name} failed after ${of}: ${error ?? "it did not end"}`;
  }
}

function countTexts(counts: Record<string, number>, { number }: Format): string[] {
  return Object.entries(counts).flatMap(([key, count]) => {
    const name = COUNTS[key];
    return name === undefined ? [] : [`${number(count)} ${name}`];
  });
}
