import { readWorkerEnv } from "../../jobs/env.ts";
import { type OpenWorker, openWorker } from "../../jobs/open-worker.ts";
import { KEYS, type World } from "../app/world.ts";

export type WorkerOf = OpenWorker;

/** The whole worker process beside a world's web process: jobs, planner, pushes, recovery. */
export function openWorkerOf(world: World, more: Record<string, string> = {}): Promise<OpenWorker> {
  const env = readWorkerEnv({
    ...{ ...more, DATABASE_URL: world.postgres.url, REDIS_URL: world.redis.url },
    ...{ BALLAST_KEYS: KEYS, APP_URL: world.url },
  });
  return openWorker(env, world.services.log);
}
