/** Runs one of our scripts against the running Ballast, or one that lives as long as the script. */
import { spawn } from "node:child_process";
import { environmentOf, findRunning } from "./ballast/running.ts";
import { startBallast } from "./ballast/start.ts";
import { ROOT } from "./services/paths.ts";

const [script, ...args] = process.argv.slice(2);
if (!script) throw new Error("which script?");
const report = (line: string) => console.error(`[ballast] ${line}`);
const existing = await findRunning();
const own = existing ? undefined : await startBallast({ report });
const running = existing ?? own?.running;
if (!running) throw new Error("nothing runs");
const child = spawn(process.execPath, [script, ...args], {
  cwd: ROOT,
  env: { ...process.env, ...environmentOf(running), INIT_CWD: process.env.INIT_CWD ?? ROOT },
  stdio: "inherit",
});
process.on("SIGINT", () => {}); // the script hears it too, and we wait for it
process.on("SIGTERM", () => child.kill("SIGTERM"));
const code = await new Promise<number>((done) => child.once("exit", (exit) => done(exit ?? 130)));
await own?.stop();
process.exit(code);
