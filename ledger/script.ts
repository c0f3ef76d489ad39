import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The script's parts, in the order in which they use each other. */
const PARTS = ["store", "item", "movement", "answer", "holds"];
/** Parts that a hold does not need. What a call does not need is not made anew for it. */
const RARE = ["names", "carts", "orders", "levels"];

/** An activity's answer is repeated by Redis for so long; after that by PostgreSQL's unique key. */
export const REMEMBER_MS = 7 * 24 * 60 * 60 * 1000;
/** An order line that claims nothing is kept for so long after its last change. */
export const LINE_MS = 30 * 24 * 60 * 60 * 1000;

export interface Script {
  text: string;
  /** Names the text to EVALSHA. */
  sha: string;
}

let body: string | undefined;

/**
 * The ledger script for one run of a Redis server.
 *
 * The run's id is part of the text and so of its sha. Redis forgets scripts when it restarts:
 * a command that was meant for the run before meets NOSCRIPT, however late it arrives, and cannot
 * be applied to data that may have lost what was promised (invariant 8).
 */
export function scriptFor(epoch: string): Script {
  body ??= [...PARTS.map(readPart), ...RARE.map(asFunction), readPart("main")].join("\n");
  const text = `${constants(epoch)}\n${body}`;
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

function readPart(name: string): string {
  return readFileSync(join(import.meta.dirname, "script", `${name}.lua`), "utf8");
}

/** The part as a function of its name, which returns the part's rules by kind of command. */
function asFunction(name: string): string {
  return `local function ${name}()\n${readPart(name)}\nend`;
}

function constants(epoch: string): string {
  return [
    `local EPOCH = ${JSON.stringify(epoch)}`,
    `local REMEMBER_MS, LINE_MS = ${REMEMBER_MS}, ${LINE_MS}`,
  ].join("\n");
}
