import { dueFile, nextFileAt } from "../../prisma/push-files.ts";
import type { JobPayload } from "../catalogue.ts";
import { bulkPath, type LaneDeps, openLane } from "../lane.ts";
import { lookAtFile } from "../push-file.ts";

/**
 * The handler of "file.poll": asks for the results of a connection's files that are due. A file that
 * was handed over while the process died is among them. It never sleeps. A pause does not stop it:
 * what was handed over before is known the sooner.
 */
export async function filePoll(
  deps: LaneDeps,
  { connection }: JobPayload<"file.poll">,
): Promise<void> {
  const lane = await openLane(deps, connection);
  if (!lane) return;
  const { shop } = lane.connection;
  while (!deps.signal.aborted) {
    const file = await dueFile(deps.db, shop, connection, deps.now());
    if (!file) break;
    await lookAtFile(deps, lane, bulkPath(lane), file);
  }
  const next = await nextFileAt(deps.db, shop, connection);
  if (next !== null) deps.later("file.poll", connection, Math.max(1, next - deps.now()));
}
