/** `npm start`: the product on this machine, with a demo merchant and sandbox marketplaces. */
import { findRunning } from "./ballast/running.ts";
import { startBallast } from "./ballast/start.ts";

const report = (line: string) => console.log(`[ballast] ${line}`);
const existing = await findRunning();
if (existing) {
  console.log(`Ballast is running already: ${existing.appUrl}/app`);
  process.exit(0);
}

let interrupted = false;
const interruption = new Promise<void>((done) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (!interrupted) report("stopping");
      interrupted = true;
      done();
    });
  }
});
const ballast = await startBallast({ report }).catch((error: Error) => {
  console.error(`Ballast could not be started: ${error.message}`);
  process.exit(1);
});
if (!interrupted) {
  report(`the marketplaces' side of it: ${ballast.running.sandboxUrl}/sandbox`);
  console.log(`Ballast is running: ${ballast.running.appUrl}/app (Ctrl-C stops it)`);
}
await interruption;
await ballast.stop();
report("stopped");
process.exit(0);
