import type { ReleasedBy } from "./basket-contract.ts";
import type { HeldLine, StoredBasket } from "./basket-store.ts";
import type { LedgerClient } from "./client.ts";
import type { Answer, Command } from "./contract.ts";

/** Releases one hold of a basket. Twice is the same as once. */
export function giveBack(
  ledger: LedgerClient,
  basket: StoredBasket,
  line: HeldLine,
  by?: ReleasedBy,
): Promise<Answer> {
  const context = { ...about(basket, line, `release/${line.hold}`), ...by };
  return ledger.apply({ ...context, type: "release", hold: line.hold });
}

/** Takes one hold of a basket. */
export function holdCommand(basket: StoredBasket, line: HeldLine, ttlMs: number): Command {
  const { hold, quantity } = line;
  return { ...about(basket, line, `hold/${hold}`), type: "hold", hold, quantity, ttlMs };
}

/** What every command on a basket's hold says of it. */
export function about(
  { shop, channel, actor }: StoredBasket,
  { item }: HeldLine,
  activity: string,
) {
  return { shop, item, activity, channel, actor };
}
