import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { ensureConnection, openConnection, renewSecrets } from "../../prisma/connections.ts";
import { openTarget, saveTarget } from "../../prisma/notifications.ts";
import { resealAll } from "../../prisma/reseal.ts";
import { keyring } from "../../prisma/sealed.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { createEndpoint, openEndpoint, rotateSecret } from "../../prisma/webhooks.ts";
import { freshDatabase } from "../support/servers.ts";

const key = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;
const [first, second, lost] = [key("k1"), key("k2"), key("k0")];
const [before, both, after] = [
  keyring(first),
  keyring(`${second},${first}`),
  keyring(second),
] as const;

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let shop: string;

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
  shop = (await ensureShop(db, "a.example", "A")).id;
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

const account = (name: string) => ({
  ...{ channel: "amazon", name, account: name, settings: {} },
  secrets: { refreshToken: `token of ${name}` },
});

test("D8: after a rotation everything opens without the old key, and once more changes nothing", async () => {
  const rows = [];
  // More than a batch, so that every page of them is seen.
  for (let n = 0; n < 205; n += 1) {
    rows.push(await ensureConnection(db, before, shop, account(`seller-${n}`)));
  }
  const written = await ensureConnection(db, both, shop, account("new"));
  await saveTarget(db, before, shop, "email", ["ops@a.example"]);
  const fields = { url: "https://shop.example/in", description: "", events: [] };
  const made = await createEndpoint(db, before, shop, "key", fields);
  const endpoint = made.outcome === "created" ? made.endpoint.id : "";
  await rotateSecret(db, before, shop, endpoint, "rotate", new Date());
  const unopened: string[] = [];
  expect(await resealAll(db, both)).toEqual({
    connections: 205,
    targets: 1,
    webhooks: 1,
    unopened,
  });
  for (const { id } of [...rows, written]) {
    const open = await openConnection(db, after, shop, id);
    expect(open?.credentials.secrets.refreshToken).toMatch(/^token of /);
  }
  expect(await openTarget(db, after, shop, "email")).toEqual(["ops@a.example"]);
  expect((await openEndpoint(db, after, endpoint, new Date()))?.secrets).toHaveLength(2);
  expect(await resealAll(db, after)).toEqual({ connections: 0, targets: 0, webhooks: 0, unopened });
});

test("a row that no key opens is named and left alone, and keeps nobody else from it", async () => {
  await db.connection.deleteMany();
  const orphan = await ensureConnection(db, keyring(lost), shop, account("orphan"));
  const fine = await ensureConnection(db, before, shop, account("fine"));
  const kept = await db.connection.findUniqueOrThrow({ where: { id: orphan.id } });
  expect(await resealAll(db, both)).toEqual({
    ...{ connections: 1, targets: 0, webhooks: 0, unopened: [orphan.id] },
  });
  expect(await db.connection.findUniqueOrThrow({ where: { id: orphan.id } })).toEqual(kept);
  expect(await openConnection(db, after, shop, fine.id)).not.toBeNull();
});

test("tokens that are renewed during a rotation are not lost to it", async () => {
  await db.connection.deleteMany();
  const { id } = await ensureConnection(db, before, shop, account("busy"));
  const renewed = { outcome: "renewed", secrets: { refreshToken: "rotated" } } as const;
  await Promise.all([
    renewSecrets(db, both, shop, id, async () => renewed),
    resealAll(db, both),
    resealAll(db, both),
  ]);
  await resealAll(db, both);
  const open = await openConnection(db, after, shop, id);
  expect(open?.credentials.secrets).toEqual({ refreshToken: "rotated" });
});
