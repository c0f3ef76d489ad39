import type { Stock } from "../../inventory/stock.ts";
import { createLedger, type LedgerClient } from "../../ledger/client.ts";
import type { Answer, Applied, Command, Unavailable } from "../../ledger/contract.ts";
import type { Entry } from "../../ledger/entry.ts";
import type { LedgerOptions } from "../../ledger/options.ts";
import { verifyPartitions } from "../../ledger/recovery.ts";
import { history } from "../../ledger/stream.ts";
import { freshRedis } from "../support/servers.ts";
import { MemoryRecord } from "./memory-record.ts";

export type TestLedger = LedgerClient & {
  url: string;
  /** Opens one more client on the same server. */
  another(): Promise<LedgerClient>;
};

/** A ledger on a Redis of its own, verified and empty. `close` ends both. */
export async function openLedger(
  options: Partial<LedgerOptions> & { now?: () => number } = {},
): Promise<TestLedger> {
  const redis = await freshRedis();
  const opened: LedgerClient[] = [];
  const open = async () => {
    const client = createLedger({ ...options, url: redis.url });
    opened.push(client);
    await client.whenConnected();
    return client;
  };
  const ledger = await open();
  await verifyPartitions(ledger, new MemoryRecord());
  const close = async () => {
    for (const client of opened) await client.close();
    await redis.stop();
  };
  return { ...ledger, url: redis.url, another: open, close };
}

let counter = 0;

/** A name that no other test of this file uses. */
export function fresh(kind: string): string {
  counter += 1;
  return `${kind}-${counter}`;
}

type Loose<T> = T extends unknown ? Omit<T, "shop" | "item" | "activity"> : never;
/** A command without the names that most tests do not care about. */
export type LooseCommand = Loose<Command> & { activity?: string };

/** An item of its own, with commands that name it. */
export function itemOn(ledger: LedgerClient, shop = fresh("shop"), item = fresh("item")) {
  const ask = (command: LooseCommand): Promise<Answer> =>
    ledger.apply({ activity: fresh("activity"), ...command, shop, item } as Command);
  return {
    shop,
    item,
    ask,
    /** Like `ask`, for commands that must be applied. */
    do: async (command: LooseCommand): Promise<Applied> => applied(await ask(command)),
    stock: async (): Promise<Stock> => known(await ledger.stock(shop, item)),
    events: async () => {
      const entries: Entry[] = [];
      for await (const entry of history(ledger, ledger.keys.of(shop, item))) entries.push(entry);
      return entries.flatMap((entry) =>
        entry.kind === "event" && entry.event.shop === shop && entry.event.item === item
          ? [entry.event]
          : [],
      );
    },
  };
}

export type TestItem = ReturnType<typeof itemOn>;

export function applied(answer: Answer): Applied {
  if (answer.outcome !== "applied") throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer;
}

export function known<T extends object | number>(answer: T | Unavailable): T {
  if (typeof answer === "object" && "outcome" in answer) {
    throw new Error(`refused: ${JSON.stringify(answer)}`);
  }
  return answer as T;
}

/** Numbers of each partition's entries: 1, 2, 3 ... unless something is wrong. */
export async function numbers(ledger: LedgerClient): Promise<number[][]> {
  return Promise.all(
    ledger.keys.all().map(async (partition) => {
      const seqs: number[] = [];
      for await (const entry of history(ledger, partition)) seqs.push(entry.seq);
      return seqs;
    }),
  );
}

/** Waits until the condition holds; the test's time-out is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 10));
}
