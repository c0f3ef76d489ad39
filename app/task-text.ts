import type { TaskRow } from "../prisma/tasks.ts";
import { counted, number } from "./texts.ts";

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
export function taskText({ kind, state, done, total, counts, error }: TaskRow): string {
  const name = NAMES[kind];
  const of =
    total === null ? counted(done, "listing") : `${number(done)} of ${counted(total, "listing")}`;
  switch (state) {
    case "running":
      return `${name} under way: ${of}`;
    case "done":
      return `${name} done: ${[counted(done, "listing"), ...countTexts(counts)].join(", ")}`;
    case "failed":
      return `${name} failed after ${of}: ${error ?? "it did not end"}`;
  }
}

function countTexts(counts: Record<string, number>): string[] {
  return Object.entries(counts).flatMap(([key, count]) => {
    const name = COUNTS[key];
    return name === undefined ? [] : [`${number(count)} ${name}`];
  });
}
