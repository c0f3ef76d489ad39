import { readWorkerEnv } from "./env.ts";
import { createLog } from "./log.ts";
import { openWorker } from "./open-worker.ts";

/** A stop that takes longer is a defect; what was cut off is taken up again at the next start. */
const STOP_WITHIN_MS = 25_000;

/** The worker process: starts, says so, and on SIGTERM or Ctrl-C finishes what is under way. */
async function main(): Promise<void> {
  const env = readWorkerEnv();
  const log = createLog(env.LOG_LEVEL, "worker");
  const worker = await openWorker(env, log);
  const stop = async () => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    await worker.close();
    log.info("worker stopped");
  };
  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());
  console.log("worker ready");
}

await main();
