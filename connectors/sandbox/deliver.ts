import { HttpResponse } from "msw";
import type { Moment } from "./definition.ts";
import { spend } from "./faults.ts";
import type { Market } from "./market.ts";

/**
 * Hands an answer over, after the work was done: all bad luck on the way back is here, the same
 * for every marketplace. The last thing that a call does.
 */
export async function deliver(
  moment: Moment<{ market: Market }>,
  answer: Response,
): Promise<Response> {
  const { faults } = moment.state.market;
  if (spend(faults, "hangUpNext")) return HttpResponse.error();
  if (spend(faults, "slowNext")) await moment.pause(faults.slowMs);
  if (spend(faults, "truncateNext")) return rewritten(answer, half);
  return spend(faults, "misshapeNext") ? rewritten(answer, misshapen) : answer;
}

async function rewritten(answer: Response, write: (text: string) => string): Promise<Response> {
  const { status } = answer;
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  // For whoever checks answers: this one is wrong on purpose.
  headers.set("x-sandbox-spoiled", "1");
  return new HttpResponse(write(await answer.text()), { status, headers });
}

const half = (text: string) => text.slice(0, Math.floor(text.length / 2));

/** Everything is still there, but inside of something that is not in any documentation. */
function misshapen(text: string): string {
  if (!text.startsWith("<")) return `{"envelope":${text === "" ? "null" : text}}`;
  return `<Envelope>${text.replace(/^<\?[^>]*\?>/, "")}</Envelope>`;
}
