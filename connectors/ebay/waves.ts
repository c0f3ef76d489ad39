import type { Answered } from "../http.ts";

const AT_ONCE = 5;

/** Asks for each of many things, a few at once: all the answers in their order, or what failed. */
export async function inWaves<T, R>(
  things: readonly T[],
  ask: (thing: T) => Promise<Answered<R>>,
): Promise<Answered<R[]>> {
  const found: R[] = [];
  for (let from = 0; from < things.length; from += AT_ONCE) {
    for (const answer of await Promise.all(things.slice(from, from + AT_ONCE).map(ask))) {
      if (answer.outcome !== "answered") return answer;
      found.push(answer.data);
    }
  }
  return { outcome: "answered", data: found };
}
