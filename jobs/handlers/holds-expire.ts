import type { Ledger } from "../../ledger/contract.ts";
import type { Log } from "../log.ts";

export interface HoldsExpireDeps {
  ledger: Pick<Ledger, "expireDue">;
  log: Log;
}

/**
 * Frees the units of holds that are due and that no command came across. A ledger that is away
 * expires nothing: its next command or sweep does.
 * @returns how many were expired.
 */
export async function holdsExpire({ ledger, log }: HoldsExpireDeps): Promise<number> {
  const expired = await ledger.expireDue();
  if (typeof expired === "number") {
    if (expired > 0) log.debug({ expired }, "holds expired");
    return expired;
  }
  log.debug({ why: expired.why }, "holds cannot be expired now");
  return 0;
}
