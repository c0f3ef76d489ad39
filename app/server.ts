import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readEnv } from "./env.server.ts";
import { openGate, openServices } from "./open.ts";
import { serveWeb } from "./serve-web.ts";

const env = readEnv();
const build = resolve(import.meta.dirname, "../build");
if (!existsSync(`${build}/server/index.js`)) {
  throw new Error("there is no build of the pages: run npm run build first");
}
await serveWeb(env, async () => {
  const opened = await openServices(env);
  const pages = { build: await import(`${build}/server/index.js`), folder: `${build}/client` };
  return { ...opened, gate: openGate(env, opened.services), pages };
});
