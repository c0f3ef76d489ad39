import { randomBytes } from "node:crypto";
import type { Account } from "./connector.ts";

const SECRET = randomBytes(32).toString("hex");

/**
 * Stands in for a connection that does not exist, so that checking a message for it takes as long
 * as for one that does. Every secret of it is one that nobody knows. A connector asks no
 * marketplace anything for it: whoever guesses addresses makes no calls of ours.
 */
export const NOBODY: Account = {
  connection: "",
  settings: {},
  secrets: new Proxy({}, { get: () => SECRET }),
};
