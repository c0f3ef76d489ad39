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

/** What it takes to look at such things; null for what everybody sees. */
export const SEES: Record<BatchKind, Permission | null> = {
  quantities: null,
  items: null,
  locations: null,
  buffers: "buffers.see",
  listings: "listings.see",
};

/** Whether somebody may see such things, and so files and batches of them. */
export function maySee(can: (permission: Permission) => boolean, kind: BatchKind): boolean {
  const permission = SEES[kind];
  return permission === null || can(permission);
}

/** Whether somebody may import such a file. */
export function mayImport(can: (permission: Permission) => boolean, kind: BatchKind): boolean {
  return can("data.import") && can(CHANGES[kind]);
}
