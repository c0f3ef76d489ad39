import type { BatchKind } from "../../inventory/batch.ts";
import { buffers } from "./buffers.ts";
import { items } from "./items.ts";
import type { Kind } from "./kind.ts";
import { listings } from "./listings.ts";
import { locations } from "./locations.ts";
import { quantities } from "./quantities.ts";

const KINDS = { quantities, items, locations, buffers, listings };

/** What the rows of a kind mean. Their changes were stored by this very kind. */
export function kindOf(kind: BatchKind): Kind {
  return KINDS[kind] as Kind<never> as Kind;
}
