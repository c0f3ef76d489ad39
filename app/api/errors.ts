import type { ErrorRequestHandler } from "express";
import type { Services } from "../services.ts";
import { Problem, sendProblem } from "./problem.ts";
import { recordAway } from "./refusals.ts";

/** Ends whatever a route threw: a refusal as it is, a bug as a 500 that tells nothing but its id. */
export function apiErrors({ log, heartbeat }: Pick<Services, "log" | "heartbeat">) {
  const handle: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof Problem) return sendProblem(response, error);
    const refused = bodyProblem(error);
    if (refused) return sendProblem(response, refused);
    const route = request.route?.path;
    if (!heartbeat.alive() || isConnectionLoss(error)) {
      log.warn({ error, route }, "refused: the record is away");
      return sendProblem(response, recordAway());
    }
    log.error({ error, route }, "a request failed");
    sendProblem(response, new Problem("internal-error", "It has been logged. Try again later."));
  };
  return handle;
}

/** body-parser says by `type` what it did not like. */
function bodyProblem(error: unknown): Problem | undefined {
  const type = error instanceof Error && "type" in error ? error.type : undefined;
  switch (type) {
    case "entity.parse.failed":
      return new Problem("malformed-json", "The body could not be read as JSON.");
    case "entity.too.large":
      return new Problem("body-too-large", "Send less at once.");
    case "encoding.unsupported":
    case "charset.unsupported":
      return new Problem("not-json", "Send application/json in UTF-8.");
    default:
      return isTheirs(error)
        ? new Problem("malformed-request", "Its address, its length or its encoding is broken.")
        : undefined;
  }
}

/** Express and what reads bodies for it say with a status whose mistake it was. */
function isTheirs(error: unknown): boolean {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 500;
}

/** Codes of Prisma and of PostgreSQL's driver for a server that is not there. */
const LOST = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "ECONNREFUSED", "ECONNRESET"]);
const LOST_TEXT = /connection terminated|can't reach database|server has closed|shutting down/i;

function isConnectionLoss(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if ("code" in at && LOST.has(String(at.code))) return true;
    if (LOST_TEXT.test(at.message)) return true;
  }
  return false;
}
