import { mkdirSync } from "node:fs";
import { freePort, onPath } from "./paths.ts";
import { end, launch, type Server } from "./server.ts";

export interface RedisOptions {
  folder: string;
  port?: number;
  /** When the append-only file reaches the disk: each second, or before each answer. */
  fsync?: "everysec" | "always";
}

/**
 * A Redis of our own on loopback, with an append-only file in `folder`. `noeviction`: a ledger
 * that forgets to save memory is worse than one that refuses.
 */
export async function startRedis({ folder, port, fsync }: RedisOptions): Promise<Server> {
  const program = onPath("redis-server", "valkey-server");
  if (!program) {
    throw new Error("no Redis: set REDIS_URL, or install redis-server (Debian: redis-server)");
  }
  mkdirSync(folder, { recursive: true });
  const at = port ?? (await freePort());
  const settings = {
    port: String(at),
    bind: "127.0.0.1",
    dir: folder,
    appendonly: "yes",
    appendfsync: fsync ?? "everysec",
    save: "",
    // The default of 64 MB would rewrite the file, with a process of its own, every minute of a rush.
    "auto-aof-rewrite-min-size": "1gb",
    "maxmemory-policy": "noeviction",
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = await launch(program, args, "Ready to accept connections");
  return {
    url: `redis://127.0.0.1:${at}`,
    pid: child.pid,
    stop: () => end(child, "SIGTERM"),
  };
}
