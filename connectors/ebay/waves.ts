const AT_ONCE = 5;

/** Asks for each of many things, a few at once, and answers in their order. */
export async function inWaves<T, R>(
  things: readonly T[],
  ask: (thing: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = [];
  for (let from = 0; from < things.length; from += AT_ONCE) {
    answers.push(...(await Promise.all(things.slice(from, from + AT_ONCE).map(ask))));
  }
  return answers;
}
