import type { Router } from "express";
import type { Services } from "../services.ts";
import { handler } from "./http.ts";

/** A dependency that takes longer than this to answer is not ready. */
const PATIENCE_MS = 2_000;

interface Check {
  name: string;
  ok: boolean;
  /** What is wrong, in a sentence; absent when nothing is. */
  why?: string;
}

/** GET /healthz: the process answers. GET /readyz: everything it needs does, or what does not. */
export function healthRoutes(router: Router, services: Services): void {
  router.get("/healthz", (_request, response) => {
    response.json({ status: "alive" });
  });
  router.get(
    "/readyz",
    handler(async (_request, response) => {
      const checks = await Promise.all([postgres(services), ledger(services)]);
      const wrong = checks.flat().filter((check) => !check.ok);
      response
        .status(wrong.length === 0 ? 200 : 503)
        .set("Cache-Control", "no-store")
        .json({ status: wrong.length === 0 ? "ready" : "not ready", wrong, checks: checks.flat() });
    }),
  );
}

async function postgres({ db, heartbeat }: Services): Promise<Check[]> {
  const name = "postgres";
  const asked = db.$queryRaw`select 1`.then(
    () => ({ name, ok: true }),
    () => ({ name, ok: false, why: "PostgreSQL refuses or cannot be reached" }),
  );
  const answer = await within(asked, { name, ok: false, why: "PostgreSQL does not answer" });
  const beat = heartbeat.alive() ? { ok: true } : { ok: false, why: "no sign of life lately" };
  return [answer, { name: "postgres heartbeat", ...beat }];
}

async function ledger(services: Services): Promise<Check[]> {
  const name = "ledger";
  const why = "Redis does not answer";
  const health = await within(
    services.ledger.health().catch(() => null),
    null,
  );
  if (!health?.connected) return [{ name, ok: false, why }];
  const partitions = health.partitions.map(({ partition, verified }): Check => {
    const one = { name: `partition ${partition}`, ok: verified };
    return verified
      ? one
      : { ...one, why: "not verified since Redis restarted: holds are refused" };
  });
  return [{ name, ok: true }, ...partitions];
}

function within<T>(work: Promise<T>, otherwise: T): Promise<T> {
  const late = new Promise<T>((done) => setTimeout(done, PATIENCE_MS, otherwise).unref());
  return Promise.race([work, late]);
}
