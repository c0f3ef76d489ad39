import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAppKeys } from "../../connectors/app-keys.ts";
import { KEY_ID, PUBLIC_KEY, signatureOf } from "../../connectors/ebay/sandbox/keys.ts";
import { CONNECTORS } from "../../connectors/registry.ts";
import { ensureConnection, findConnection } from "../../prisma/connections.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { RING, startWorld, type World } from "./world.ts";

const TOKEN = "a-verification-token-of-at-least-32-letters";

let world: World;
let ebay: Server;

beforeAll(async () => {
  ebay = createServer((request, response) => {
    const key = request.url?.includes(`public_key/${KEY_ID}`);
    response.setHeader("Content-Type", "application/json");
    response.end(
      JSON.stringify(
        key ? { key: PUBLIC_KEY, digest: "SHA1" } : { access_token: "t", expires_in: 7_200 },
      ),
    );
  }).listen(0, "127.0.0.1");
  await once(ebay, "listening");
  const keys = {
    ...{ EBAY_CLIENT_ID: "id", EBAY_CLIENT_SECRET: "secret", EBAY_RU_NAME: "ru" },
    EBAY_VERIFICATION_TOKEN: TOKEN,
  };
  const sandboxUrl = `http://127.0.0.1:${(ebay.address() as AddressInfo).port}`;
  const appKeys = readAppKeys(Object.values(CONNECTORS), keys);
  world = await startWorld({ services: { sandboxUrl, appKeys } });
});

afterAll(async () => {
  await world.stop();
  ebay.close();
});

const door = () => `${world.url}/webhooks/app/ebay`;

function tell(topic: string, data: unknown, sign = signatureOf) {
  const metadata = { topic, schemaVersion: "1.0", deprecated: false };
  const body = JSON.stringify({ metadata, notification: { notificationId: "n-1", data } });
  return fetch(door(), {
    method: "POST",
    headers: { "X-EBAY-SIGNATURE": sign(body), "Content-Type": "application/json" },
    body,
  });
}

/** A merchant of his own, with his eBay account. */
async function merchant(userId: string) {
  const { db } = world.services;
  const shop = await ensureShop(db, `${userId}.myshopify.com`, userId);
  const settings = { userId, username: `name-of-${userId}`, marketplaceId: "EBAY_US" };
  const row = await ensureConnection(db, RING, shop.id, {
    ...{ channel: "ebay", name: userId, account: userId, settings, secrets: {} },
  });
  return async () => (await findConnection(db, shop.id, row.id))?.shutOut ?? null;
}

test("F: eBay's app-wide messages find the merchant they are about, whoever connected first", async () => {
  const [first, second, third, fourth] = await Promise.all(
    ["first", "second", "third", "fourth"].map(merchant),
  );
  expect((await tell("AUTHORIZATION_REVOCATION", { userId: "second" })).status).toBe(200);
  expect((await tell("AUTHORIZATION_REVOCATION", { userId: "nobody" })).status).toBe(200);
  const renamed = { user: { username: "name-of-third" } };
  expect((await tell("AUTHORIZATION_REVOCATION", renamed)).status).toBe(200);
  expect((await tell("MARKETPLACE_ACCOUNT_DELETION", { userId: "fourth" })).status).toBe(200);
  const states = [first, second, third, fourth].map((shutOut) => shutOut?.());
  expect(await Promise.all(states)).toEqual([null, "revoked", "revoked", "revoked"]);
});

test("G: what eBay did not sign, or what names nobody, shuts nobody out", async () => {
  const shutOut = await merchant("careful");
  const about = { userId: "careful" };
  const forged = await tell("AUTHORIZATION_REVOCATION", about, () => signatureOf("other"));
  expect(forged.status).toBe(401);
  expect((await fetch(door(), { method: "POST", body: "{}" })).status).toBe(401);
  expect((await tell("AUTHORIZATION_REVOCATION", {})).status).toBe(400);
  expect((await tell("ITEM_MARKED_SHIPPED", about)).status).toBe(200);
  expect(await shutOut()).toBeNull();
});

test("F: the app's door answers eBay's challenge, and no other marketplace's", async () => {
  const answer = await fetch(`${door()}?challenge_code=abc`);
  const challengeResponse = createHash("sha256").update(`abc${TOKEN}${door()}`).digest("hex");
  expect(await answer.json()).toEqual({ challengeResponse });
  expect((await fetch(door())).status).toBe(404);
  const others = await Promise.all(
    ["amazon", "bazaar"].map((channel) => fetch(`${world.url}/webhooks/app/${channel}`)),
  );
  expect(others.map(({ status }) => status)).toEqual([404, 404]);
});
