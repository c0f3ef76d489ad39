/** What the rows of a batch are. */
export const BATCH_KINDS = ["quantities", "items", "locations", "buffers", "listings"] as const;
export type BatchKind = (typeof BATCH_KINDS)[number];

/**
 * A batch's life. A file is uploaded, its columns are mapped, it is checked (which changes nothing),
 * and then a person has it applied. Stopped and failed ones can go on; all three of the last, and
 * stopped ones, can be taken back.
 */
export const BATCH_STATES = [
  "uploading",
  "mapping",
  "checking",
  "checked",
  "applying",
  "stopped",
  "failed",
  "done",
  "discarded",
] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** Something of it may have been applied, and nothing is being applied now. */
export function mayBeUndone(state: BatchState): boolean {
  return state === "done" || state === "stopped" || state === "failed";
}

/** The name of one row's movement: the same row has one effect, however often it is applied. */
export function batchActivity(batch: string, line: number): string {
  return `batch/${batch}/${line}`;
}
