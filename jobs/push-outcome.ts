import type { PushResult } from "../connectors/connector.ts";
import { exhaustive } from "../inventory/assert.ts";
import { MAX_TRIES } from "../prisma/plans.ts";
import type { AfterPush, PushJob } from "../prisma/pushes.ts";

export interface PushMoment {
  now: number;
  /** Calls in a row, this one included, that got no proper answer. */
  failures: number;
  /** Times in a row, this one included, that this listing was found stale. */
  stale: number;
}

/** Found stale more often than this in a row, somebody else is writing: no longer at once. */
const STALE_AT_ONCE = 3;
const SECOND = 1_000;
const MINUTE = 60_000;

/**
 * What becomes of a listing after one answer: a table as code. Only what the marketplace refused
 * for good spends a try. An outage or a limit is nobody's fault and is waited for, however long:
 * the listing keeps its number dirty meanwhile, and the newest plan is sent when it is over.
 */
export function afterPush(job: PushJob, result: PushResult, moment: PushMoment): AfterPush {
  const same: AfterPush = {
    accepted: null,
    acceptedSeq: null,
    unheard: 0,
    found: null,
    tries: job.tries,
    notBefore: null,
    trouble: null,
    inDoubt: false,
    unspent: false,
  };
  const { now } = moment;
  switch (result.outcome) {
    case "accepted": {
      const { found = null } = result;
      const unheard = missing(job, found);
      const accepted = Math.max(0, job.quantity - unheard);
      return { ...same, accepted, acceptedSeq: job.seq, unheard, found, tries: 0 };
    }
    case "stale":
      return { ...same, ...afterStale(job, result.current, moment), unspent: true };
    case "exhausted":
      return { ...same, notBefore: result.until, trouble: result.why, unspent: true };
    case "throttled":
      return { ...same, notBefore: result.retryAt, trouble: result.why, unspent: true };
    case "unavailable":
    case "unknown":
      // Whether it counted is read back before the next write.
      return {
        ...same,
        inDoubt: true,
        notBefore: now + backOff(moment.failures),
        trouble: result.why,
      };
    case "unauthorized":
      return { ...same, trouble: result.why, unspent: true };
    case "rejected": {
      const tries = job.tries + 1;
      return { ...same, tries, notBefore: now + backOff(tries), trouble: result.why };
    }
    case "not-supported":
      return { ...same, tries: MAX_TRIES, trouble: result.why };
    default:
      return exhaustive(result);
  }
}

/**
 * The marketplace has another number than was thought: that one is expected from now on. What is
 * missing has most likely been sold there, and will be heard of.
 */
function afterStale(
  job: PushJob,
  current: number | null,
  { now, stale }: PushMoment,
): Pick<AfterPush, "accepted" | "unheard" | "found" | "notBefore" | "inDoubt"> {
  const notBefore = stale > STALE_AT_ONCE ? now + SECOND : null;
  const unheard = missing(job, current);
  return { accepted: current, unheard, found: current, notBefore, inDoubt: current === null };
}

/** Units that the marketplace has less than was thought. */
function missing({ expected }: PushJob, found: number | null): number {
  return expected === null || found === null ? 0 : Math.max(0, expected - found);
}

/** 1 s, 4 s, 16 s, then each minute. */
export function backOff(times: number): number {
  return Math.min(MINUTE, SECOND * 4 ** Math.max(0, times - 1));
}

/**
 * 2 s, 8 s, 32 s, 2 min, then each 5 minutes: a call that was refused for want of a right may be one
 * operation's trouble, which nobody mends within a minute.
 */
export function refusalBackOff(times: number): number {
  return Math.min(5 * MINUTE, 2 * SECOND * 4 ** Math.max(0, times - 1));
}

/** Whether the push of this listing is given up, to be kept as a dead letter. */
export function givenUp(after: AfterPush): boolean {
  return after.tries >= MAX_TRIES;
}
