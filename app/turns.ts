import type { RequestHandler, Response } from "express";

export interface TurnLimits {
  /** Requests worked on at once. */
  atOnce: number;
  /** Requests that wait for their turn; beyond, they are sent away. */
  waiting: number;
  /** And for how long, in ms: by then whoever asked has stopped listening. */
  patienceMs: number;
}

/** A ledger that has to answer within a moment is not asked by more callers than it can. */
export const API_TURNS: TurnLimits = { atOnce: 128, waiting: 2_000, patienceMs: 2_000 };

/** What tells of a whole app is rare: a flood there is no reason to be slow anywhere else. */
const APP_DOOR_TURNS: TurnLimits = { atOnce: 16, waiting: 500, patienceMs: 2_000 };

/** A door's own line: who is sent away is told to come again, and marketplaces do. */
export function doorTurns(limits: TurnLimits = APP_DOOR_TURNS): RequestHandler {
  return inTurn(limits, (response) => response.set("Retry-After", "1").status(503).end());
}

interface Waiting {
  go(): void;
  since: number;
  response: Response;
}

/**
 * Works on so many requests at once, lets so many wait in line, and sends everyone else away at
 * once: a flood is answered in an orderly way and in bounded memory. Bodies of those who wait are
 * not read.
 */
export function inTurn(
  { atOnce, waiting, patienceMs }: TurnLimits,
  refuse: (response: Response) => unknown,
  now: () => number = () => performance.now(),
): RequestHandler {
  const line: Waiting[] = [];
  let working = 0;
  const next = () => {
    working -= 1;
    for (let one = line.shift(); one; one = line.shift()) {
      if (one.response.destroyed) continue; // gone meanwhile
      if (now() - one.since <= patienceMs) return one.go();
      refuse(one.response);
    }
  };
  return (_request, response, proceed) => {
    const go = () => {
      working += 1;
      response.once("close", next);
      proceed();
    };
    if (working < atOnce) return go();
    if (line.length >= waiting) return refuse(response as Response);
    line.push({ go, since: now(), response: response as Response });
  };
}
