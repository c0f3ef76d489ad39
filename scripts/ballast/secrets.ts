import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Reads a secret this installation made for itself, or makes it. Only its owner can read it. */
export function ownSecret(folder: string, name: string, make: () => string): string {
  const file = join(folder, name);
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

/** Writes a secret anew, e.g. one that opens nothing any more. */
export function replaceSecret(folder: string, name: string, secret: string): void {
  writeFileSync(join(folder, name), secret, { mode: 0o600 });
}

/** The keyring that seals credentials at rest, in the form `prisma/sealed.ts` reads. */
export function ownKeyring(folder: string): string {
  return ownSecret(folder, "sealing-keys", () => `local:${randomBytes(32).toString("base64")}`);
}
