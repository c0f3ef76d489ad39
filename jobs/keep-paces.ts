import type { CallName } from "../connectors/connector.ts";
import type { Pacer } from "../connectors/pacer.ts";
import { recordPaces } from "../prisma/channel-facts.ts";
import type { Database } from "../prisma/client.ts";
import type { Log } from "./log.ts";

/** Pages show what is left of a limit this late at most. */
const EVERY_MS = 2_000;

/**
 * Writes down what the worker's pacer knows of the marketplaces' limits, for pages to show. It is a
 * picture and nothing goes by it: one that is lost is followed by the next.
 */
export function keepPaces(
  { db, pacer, log }: { db: Database; pacer: Pick<Pacer, "touched">; log: Log },
  everyMs = EVERY_MS,
): { stop(): Promise<void> } {
  let writing = Promise.resolve();
  const write = async () => {
    const paces = pacer.touched().map(({ key, rate, tokens, at, heldUntil }) => {
      const [connection = "", call = ""] = key.split("/") as [string, CallName];
      return { connection, call, ...rate, tokens, at, heldUntil };
    });
    await recordPaces(db, paces).catch((error: unknown) => log.warn({ error }, "paces not kept"));
  };
  const timer = setInterval(() => {
    writing = writing.then(write);
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await writing;
    },
  };
}
