import type { BatchKind } from "../../inventory/batch.ts";
import { refuseWithout } from "../access/merchant.server.ts";
import type { Merchant } from "../access/person.ts";
import { SEES } from "./import-kind.ts";

/** Throws the refusal of somebody who may not see such things. */
export function refuseUnseen(merchant: Merchant, kind: BatchKind): void {
  const permission = SEES[kind];
  if (permission !== null) refuseWithout(merchant, permission);
}
