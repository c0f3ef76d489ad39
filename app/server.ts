import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { readEnv } from "./env.server.ts";
import { openGate, openServices } from "./open.ts";
import { createWeb } from "./web.ts";

/** A request that is under way when the process is told to stop may take this long. */
const GRACE_MS = 3_000;

const env = readEnv();
const build = resolve(import.meta.dirname, "../build");
if (!existsSync(`${build}/server/index.js`)) {
  throw new Error("there is no build of the pages: run npm run build first");
}
const { services, close } = await openServices(env);
const pages = { build: await import(`${build}/server/index.js`), folder: `${build}/client` };
const web = createWeb(services, openGate(env, services), pages, { proxies: env.TRUSTED_PROXIES });
const server = web.listen(env.PORT, env.HOST);
server.once("listening", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`app listening on http://${env.HOST}:${port}\n`);
});

let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    server.close(() => void close().then(() => process.exit(0)));
    server.closeIdleConnections();
    // Live pages would stay for ever; everyone else gets the time to hear an answer.
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  });
}
