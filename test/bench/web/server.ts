/**
 * The web process without its pages, which no machine asks for: API, doors, health. Beside them two
 * routes that take the same requests as the measured ones and do nothing with them.
 */
import express from "express";
import { readEnv } from "../../../app/env.server.ts";
import { openGate, openServices } from "../../../app/open.ts";
import { serveWeb } from "../../../app/serve-web.ts";

const env = readEnv();
await serveWeb(env, async () => {
  const { services, close } = await openServices(env);
  return { services, close, gate: openGate(env, services), extend };
});

function extend(app: express.Express): void {
  app.post("/empty/json", express.json(), (_request, response) => {
    response.status(201).json({});
  });
  app.post("/empty/raw", express.raw({ type: () => true }), (_request, response) => {
    response.status(200).end();
  });
  app.post("/empty/memory", (_request, response) => {
    globalThis.gc?.();
    response.json(process.memoryUsage());
  });
}
