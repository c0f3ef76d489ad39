import { BATCH_KINDS, type BatchKind } from "../inventory/batch.ts";

/** The kind that an address or a form names; null when there is no such kind. */
export function asBatchKind(text: unknown): BatchKind | null {
  return BATCH_KINDS.find((kind) => kind === text) ?? null;
}
