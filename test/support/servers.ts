import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import { type RedisOptions, startRedis } from "../../scripts/services/redis.ts";
import type { Server } from "../../scripts/services/server.ts";

/** A migrated, empty database of its own for the caller. */
export async function freshDatabase(): Promise<Server> {
  const template = new URL(inject("templateUrl"));
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = new URL(template);
  admin.pathname = "/postgres";
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: admin.href });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create database ${name} template ${template.pathname.slice(1)}`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  return { url: url.href, stop: () => run(`drop database if exists ${name} with (force)`) };
}

/** A Redis of its own for the caller, which it may kill, restart on the same `folder`, or fill. */
export async function freshRedis(
  options: Partial<RedisOptions> = {},
): Promise<Server & { folder: string }> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "ballast-redis-"));
  const server = await startRedis({ ...options, folder });
  return {
    ...server,
    folder,
    stop: async () => {
      await server.stop();
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}
