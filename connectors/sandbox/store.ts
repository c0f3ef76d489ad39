import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { RunningSandbox } from "./engine.ts";

const SAVE_AFTER_MS = 1_000;

const savedSchema = z.object({
  version: z.literal(1),
  channels: z.record(z.string(), z.unknown()),
});

export interface Store {
  /** Something changed: it is written within a second. */
  changed(): void;
  /** Writes what is not yet written. */
  close(): void;
}

/** Keeps the sandboxes' memory in a file, so that a second start finds the same marketplaces. */
export function openStore(
  file: string | null,
  sandboxes: () => Record<string, RunningSandbox>,
): Store {
  let timer: NodeJS.Timeout | null = null;
  const write = () => {
    timer = null;
    if (file) save(file, sandboxes());
  };
  return {
    changed() {
      if (file) timer ??= setTimeout(write, SAVE_AFTER_MS).unref();
    },
    close() {
      if (timer) clearTimeout(timer);
      write();
    },
  };
}

/** Written beside it and renamed: a crash leaves the old file or the new one, never half of one. */
function save(file: string, sandboxes: Record<string, RunningSandbox>): void {
  const entries = Object.entries(sandboxes).map(([name, one]) => [name, one.save()]);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    `${file}.new`,
    JSON.stringify({ version: 1, channels: Object.fromEntries(entries) }),
  );
  renameSync(`${file}.new`, file);
}

/** Gives every sandbox what it had. A file of another version is left alone and not read. */
export function loadInto(file: string | null, sandboxes: Record<string, RunningSandbox>): void {
  if (!file || !existsSync(file)) return;
  const saved = savedSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!saved.success) return;
  for (const [name, sandbox] of Object.entries(sandboxes)) {
    if (saved.data.channels[name]) sandbox.load(saved.data.channels[name]);
  }
}
