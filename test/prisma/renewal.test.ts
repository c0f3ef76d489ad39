import { afterAll, beforeAll, expect, test } from "vitest";
import { tiktok } from "../../connectors/tiktok/connector.ts";
import { DEMO_SHOP } from "../../connectors/tiktok/sandbox/account.ts";
import type { TikTokState } from "../../connectors/tiktok/sandbox/state.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { ensureConnection, openConnection, renewSecrets } from "../../prisma/connections.ts";
import { keyring } from "../../prisma/sealed.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { type Bench, openChannel } from "../connectors/harness.ts";
import { freshDatabase } from "../support/servers.ts";

const ring = keyring(`k1:${Buffer.alloc(32, 7).toString("base64")}`);

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let shop: string;
let bench: Bench;

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
  shop = (await ensureShop(db, "a.example", "a.example")).id;
  bench = openChannel("tiktok");
});

afterAll(async () => {
  bench.close();
  await db.$disconnect();
  await server.stop();
});

/** A connection whose access token has just ended. */
async function connect(account: string, settings: Record<string, string>): Promise<string> {
  const secrets = { ...bench.account.secrets, accessTokenExpiresAt: String(bench.clock.now()) };
  const made = { channel: "tiktok", name: account, account, settings, secrets };
  return (await ensureConnection(db, ring, shop, made)).id;
}

async function sessionOf(id: string) {
  const open = await openConnection(db, ring, shop, id);
  if (!open) throw new Error("no connection");
  return tiktok.connect(open.credentials, {
    now: bench.clock.now,
    renewing: (renew) => renewSecrets(db, ring, shop, id, renew),
  });
}

test("F: shops of one consent share one refresh, though its token works once", async () => {
  const second = { id: "7495540735365777508", cipher: "ROW_second", name: "Second", region: "DE" };
  (bench.sandbox.save() as TikTokState).shops = [DEMO_SHOP, second];
  const settings = bench.account.settings;
  const one = await connect(DEMO_SHOP.id, settings);
  const two = await connect(second.id, { ...settings, shopId: second.id, cipher: second.cipher });
  const sessions = await Promise.all([one, two].map(sessionOf));
  const answers = await Promise.all(sessions.map((session) => session.readBack([])));
  expect(answers.map((answer) => answer.outcome)).toEqual(["read", "read"]);
  const refreshes = bench.calls.filter(({ request }) => request.url.includes("token/refresh"));
  expect(refreshes).toHaveLength(1);
  const kept = await Promise.all([one, two].map((id) => openConnection(db, ring, shop, id)));
  const [mine, theirs] = kept.map((open) => open?.credentials.secrets.refreshToken);
  expect(mine).toBe(theirs);
  expect(kept[0]?.reconnectBy).toEqual(kept[1]?.reconnectBy);
});

test("F: another consent's tokens stay its own", async () => {
  const settings = { ...bench.account.settings, grant: "another-seller" };
  const other = await connect("7495540735365777509", settings);
  const mine = await connect("7495540735365777510", bench.account.settings);
  const renewed = { outcome: "renewed", secrets: { accessToken: "new" } } as const;
  await renewSecrets(db, ring, shop, mine, async () => renewed);
  const open = await openConnection(db, ring, shop, other);
  expect(open?.credentials.secrets.accessToken).toBe(bench.account.secrets.accessToken);
});
