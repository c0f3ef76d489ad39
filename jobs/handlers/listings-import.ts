import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../prisma/client.ts";
import { moveTask, startTask } from "../../prisma/connection-tasks.ts";
import { connectionOfJob } from "../../prisma/connections.ts";
import type { JobPayload } from "../catalogue.ts";
import { importConnection } from "../import-listings.ts";
import type { LivePublisher } from "../live.ts";
import type { Log } from "../log.ts";
import type { Queues } from "../queues.ts";
import type { OpenSession } from "../sessions.ts";

export interface ListingsImportDeps {
  db: Database;
  session: OpenSession;
  enqueue: Queues["enqueue"];
  live: Pick<LivePublisher, "publish">;
  now(): number;
  log: Log;
  stopping: AbortController;
}

/** The handler of "listings.import": takes over a connection's listings, and has them planned. */
export async function listingsImport(
  deps: ListingsImportDeps,
  { connection: id }: JobPayload<"listings.import">,
): Promise<void> {
  const { db, now, live } = deps;
  const connection = await connectionOfJob(db, id);
  const session = connection && (await deps.session(connection));
  if (!session) return;
  const { shop } = connection;
  const task = await startTask(db, shop, id, "import", new Date(now()));
  const move = async (change: Parameters<typeof moveTask>[3]) => {
    await moveTask(db, shop, task, change, new Date(now()));
    live.publish(shop, {});
  };
  let told: Promise<void> = Promise.resolve();
  const imported = await importConnection(
    {
      ...{ db, session, now },
      pause: async (ms) => void (await sleep(ms, null, { signal: deps.stopping.signal })),
      onProgress: (done) => {
        told = told.then(() => move({ done }));
      },
    },
    shop,
    id,
  );
  await told;
  deps.log.info({ connection: id, outcome: imported.outcome }, "listings imported");
  if (imported.outcome !== "imported") return move({ state: "failed", error: imported.why });
  const { listings, added, matched } = imported;
  const counts = { added, matched, unmatched: listings - matched };
  await move({ state: "done", done: listings, total: listings, counts });
  await deps.enqueue("listings.replan", { shop, connection: id });
}
