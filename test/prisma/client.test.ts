import pg from "pg";
import { expect, test } from "vitest";
import { openDatabase } from "../../prisma/client.ts";
import { freshDatabase } from "../support/servers.ts";

test("times mean the same in a database whose own time zone is not UTC", async () => {
  const server = await freshDatabase();
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const name = new URL(server.url).pathname.slice(1);
  await admin.query(`alter database ${name} set timezone = 'Asia/Tokyo'`);
  await admin.end();
  const db = openDatabase(server.url);
  const createdAt = new Date("2026-01-01T00:00:00Z");
  await db.shop.create({ data: { domain: "d", name: "n", createdAt } });
  const [row] = await db.$queryRaw<{ stored: number; given: number }[]>`
    select (extract(epoch from created_at) * 1000)::float8 as stored,
      (extract(epoch from ${createdAt}::timestamptz) * 1000)::float8 as given from shop`;
  expect(row).toEqual({ stored: createdAt.getTime(), given: createdAt.getTime() });
  await db.$disconnect();
  await server.stop();
});
