import { BATCH_KINDS, type BatchKind } from "../../inventory/batch.ts";
import type { Permission } from "../../inventory/role.ts";

/** The kind that an address or a form names; null when there is no such kind. */
export function asBatchKind(text: unknown): BatchKind | null {
  return BATCH_KINDS.find((kind) => kind === text) ?? null;
}

/** What it takes to change such things one by one, and so by file as well. */
const CHANGES: Record<BatchKind, Permission> = {
  quantities: "stock.move",
  items: "data.import",
  locations: "settings.change",
  buffers: "buffers.change",
  listings: "listings.match",
};

/** Whether somebody may import such a file. */
export function mayImport(can: (permission: Permission) => boolean, kind: BatchKind): boolean {
  return can("data.import") && can(CHANGES[kind]);
}
