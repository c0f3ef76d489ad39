import { setTimeout as sleep } from "node:timers/promises";
import { exhaustive } from "../../inventory/assert.ts";
import type { DayScript, Step } from "./day-script.ts";
import type { Doors } from "./doors.ts";

export interface Playing {
  /** Steps taken, of all. */
  done: number;
  of: number;
  /** When it is in the day, in ms since the epoch. */
  at: number;
  /** How far it is behind the wanted speed, in ms of ours. */
  behindMs: number;
}

export interface PlayOptions {
  speed: number;
  location: string;
  run: string;
  progress(playing: Playing): void;
}

/** Places the orders of earlier days that are still open when the day begins. */
export async function placeOpening(doors: Pick<Doors, "order">, script: DayScript): Promise<void> {
  for (const order of script.opening) await doors.order(order);
}

/**
 * Plays a day: every step at its time, as fast as `speed` has it. Orders and cancellations go one
 * after the other, so that an order is placed before it is cancelled; where the marketplaces are
 * slower than that, it falls behind and catches up in the next pause. The warehouse's reports
 * commute with everything, and are answered only when they are in PostgreSQL: nobody waits.
 */
export async function playDay(
  doors: Pick<Doors, "order" | "cancel" | "report">,
  { steps }: DayScript,
  options: PlayOptions,
): Promise<void> {
  const dawn = steps[0]?.at ?? 0;
  const began = Date.now();
  const reports: Promise<void>[] = [];
  for (const [index, step] of steps.entries()) {
    const due = began + (step.at - dawn) / options.speed;
    const tell = () => {
      const behindMs = Math.max(0, Date.now() - due);
      options.progress({ done: index, of: steps.length, at: step.at, behindMs });
    };
    // In pieces, so that the progress moves through a quiet hour.
    for (let wait = due - Date.now(); wait > 0; wait = due - Date.now()) {
      tell();
      await sleep(Math.min(wait, 1_000));
    }
    tell();
    const taken = take(doors, step, options, index);
    if (step.type !== "adjust") await taken;
    else reports.push(taken);
    taken.catch(() => {}); // the last line hears of it
  }
  await Promise.all(reports);
}

async function take(
  doors: Pick<Doors, "order" | "cancel" | "report">,
  step: Step,
  { location, run }: PlayOptions,
  index: number,
): Promise<void> {
  switch (step.type) {
    case "order":
      return doors.order(step.order);
    case "cancel":
      return doors.cancel(step.order, step.lines);
    case "adjust": {
      const { sku, bucket, quantity, why } = step;
      const reason = `replay ${run}: ${why}`;
      const report = { sku, location, type: "adjust", bucket, quantity, reason } as const;
      return doors.report(`${run}/adjust/${index}`, report);
    }
    default:
      return exhaustive(step);
  }
}
