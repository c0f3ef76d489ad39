/** A rule of the house was broken: a bug, never an outcome a caller should handle. */
export class BrokenRule extends Error {
  override name = "BrokenRule";
}

/** Stops the program's current work when what must be true is not. Stays on in production. */
export function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new BrokenRule(rule);
}

/** Closes a switch over named outcomes: the compiler refuses it while a case is missing. */
export function exhaustive(value: never): never {
  throw new BrokenRule(`unhandled case: ${JSON.stringify(value)}`);
}
