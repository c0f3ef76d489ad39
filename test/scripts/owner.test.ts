import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { personOfLink } from "../../prisma/password-links.ts";
import { changePerson, listPeople } from "../../prisma/people.ts";
import { findShopByDomain } from "../../prisma/shops.ts";
import { ROOT } from "../../scripts/services/paths.ts";
import type { Server } from "../../scripts/services/server.ts";
import { freshDatabase } from "../support/servers.ts";

let server: Server;
let db: Database;

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url, 2);
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

function owner(email: string): string {
  const env = {
    ...{ PATH: process.env.PATH, NODE_ENV: "test" as const, DATABASE_URL: server.url },
    ...{ STANDALONE_SHOP: "north.example", APP_URL: "https://ballast.example/" },
  };
  const script = join(ROOT, "scripts/owner.ts");
  const said = execFileSync(process.execPath, [script, email], { env, stdio: "pipe" });
  return said.toString().trim();
}

test("G: npm run owner makes the first owner's link, and lets one in again who was shut out", async () => {
  const first = owner("Ada@Example.com");
  expect(first).toMatch(/^https:\/\/ballast\.example\/join\?link=[\w-]{43}$/);
  const shop = (await findShopByDomain(db, "north.example"))?.id ?? "";
  const [ada] = await listPeople(db, shop);
  expect(ada).toMatchObject({ email: "ada@example.com", role: "owner", entry: "invited" });
  const whose = (link: string) =>
    personOfLink(db, shop, new URL(link).searchParams.get("link") ?? "", new Date());
  expect((await whose(first))?.id).toBe(ada?.id);
  await changePerson(db, shop, ada?.id ?? "", { disabled: true }, new Date());
  const again = owner("ada@example.com");
  expect((await whose(again))?.id).toBe(ada?.id);
  expect(await whose(first)).toBeNull();
  expect(await listPeople(db, shop)).toHaveLength(1);
  expect(() => owner("nobody")).toThrow(/npm run owner/);
});
