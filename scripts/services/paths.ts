import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join, resolve } from "node:path";

/** The product's folder. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** True when we may, and for PostgreSQL must, hand a process to another user. */
export const AS_ROOT = process.getuid?.() === 0;

/**
 * Where servers keep their data between starts. PostgreSQL refuses to run as root, and the user it
 * runs as instead may not be able to enter the product's folder, so root's data live outside it.
 */
export function dataFolder(): string {
  const checkout = createHash("sha256").update(ROOT).digest("hex").slice(0, 12);
  const folder = AS_ROOT ? `/var/lib/ballast/${checkout}` : join(ROOT, ".data");
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/** A port nobody listens on at this moment, on loopback. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** The first of these programs that is on the PATH. */
export function onPath(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
