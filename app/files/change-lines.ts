import type { BatchChange } from "../../prisma/batches.ts";

/** The lines of a file of changes: what changes, from and to. What stays as it is is left out. */
export async function* changeLines(changes: AsyncIterable<readonly BatchChange[]>) {
  yield ["Listing or SKU", "Channel", "Now", "Then", "Change"];
  for await (const chunk of changes) {
    for (const { label, channel, before, after } of chunk) {
      if (before !== after) yield [label, channel, before, after, after - before];
    }
  }
}
