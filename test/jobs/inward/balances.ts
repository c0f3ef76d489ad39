import { expect, vi } from "vitest";
import { ledgerCheck } from "../../../jobs/handlers/ledger-check.ts";
import { PERSISTER_GROUP, type Persister, startPersister } from "../../../jobs/persister.ts";
import type { Command } from "../../../ledger/contract.ts";
import { createEventReader } from "../../../ledger/events.ts";
import { readMarks } from "../../../prisma/marks.ts";
import { readStock } from "../../../prisma/stock.ts";
import type { Scenario } from "./scenario.ts";
import { PARTITIONS, SKUS, silent, type World } from "./world.ts";

/** Units of each SKU a scenario starts with: more than it can ever sell. */
export const STOCKED = 1_000;

/** The persister of a world, on its real streams. */
export function persisterOf({ db, ledger, redis }: World): Persister {
  const group = PERSISTER_GROUP;
  const reader = createEventReader({ url: redis.url, partitions: PARTITIONS, group });
  return startPersister({ db, ledger, reader, log: silent }, { waitMs: 20, maxBackOffMs: 100 });
}

/** A command about a SKU that must not be refused. */
export async function must<T extends Omit<Command, "shop" | "item">>(
  { ledger, shop, items }: World,
  sku: string,
  command: T,
): Promise<void> {
  const item = items[sku] ?? "";
  const answer = await ledger.apply({ ...command, shop, item } as unknown as Command);
  expect(answer, JSON.stringify(command)).toMatchObject({ outcome: "applied" });
}

/** Puts the first units on the shelf. */
export async function stockUp(world: World): Promise<void> {
  for (const sku of SKUS) {
    const first = { type: "receive", location: "MAIN", quantity: STOCKED } as const;
    await must(world, sku, { ...first, activity: `first-${sku}` });
  }
}

/** Waits until everything the ledger has numbered is in the record. */
export async function drained({ db, ledger }: World): Promise<void> {
  const isDrained = async () => {
    const { connected, partitions } = await ledger.health();
    const marks = new Map((await readMarks(db)).map((mark) => [mark.partition, mark.seq]));
    return (
      connected && partitions.every(({ partition, seq }) => (marks.get(partition) ?? 0) === seq)
    );
  };
  await vi.waitUntil(isDrained, { timeout: 25_000, interval: 20 });
}

/** Ledger, record and model say the same, and legs sum to balances (invariants 5 and 6). */
export async function expectBalances(
  world: World,
  expected: Scenario["expected"],
  held: Record<string, number> = {},
): Promise<void> {
  const { db, ledger, shop, items } = world;
  for (const sku of SKUS) {
    const { committed, shipped } = expected[sku] ?? { committed: 0, shipped: 0 };
    const should = {
      physical: { sellable: { MAIN: STOCKED - shipped } },
      ...{ committed, held: held[sku] ?? 0, allocated: {} },
    };
    expect(await ledger.stock(shop, items[sku] ?? ""), `${sku} in the ledger`).toMatchObject(
      should,
    );
    expect(await readStock(db, shop, items[sku] ?? ""), `${sku} in the record`).toMatchObject(
      should,
    );
  }
  const check = await ledgerCheck({ db, ledger, log: silent });
  expect(check).toMatchObject({ fromLegs: [], fromLedger: [], undecided: 0 });
}
