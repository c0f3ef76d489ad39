import type { JobPayload } from "../catalogue.ts";

/** Messages of a batch that are applied at once: they wait for each other at the ledger anyway. */
const AT_ONCE = 8;

/**
 * The handler of "inbox.batch": each message as if it had come alone. One that throws does not keep
 * the others; the sweep finds it, as it finds those of a batch that was lost.
 */
export async function inboxBatch(
  apply: (message: string) => Promise<void>,
  { messages }: JobPayload<"inbox.batch">,
): Promise<void> {
  const left = [...messages];
  let failed: unknown;
  const work = async () => {
    for (let message = left.shift(); message !== undefined; message = left.shift()) {
      await apply(message).catch((error: unknown) => {
        failed = error;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failed) throw failed;
}
