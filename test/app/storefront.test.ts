import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signProxy } from "../../connectors/shopify/app-proxy.ts";
import { cartName } from "../../connectors/shopify/cart.ts";
import { DEFAULT_HOLD_TERMS, type HoldTerms } from "../../inventory/hold-terms.ts";
import { ensureConnection } from "../../prisma/connections.ts";
import { saveHoldTerms } from "../../prisma/hold-settings.ts";
import { ensureShop, type ShopRow } from "../../prisma/shops.ts";
import { RING, startWorld, type World } from "./world.ts";

const DOMAIN = "north.myshopify.com";
const SECRET = "the-app-s-secret";

let world: World;
let carts = 0;

beforeAll(async () => {
  world = await startWorld();
  await sell(DOMAIN, world.shop);
});

afterAll(() => world.stop());

/** A Shopify connection of the shop, its listings sold by the rows of LISTINGS. */
async function sell(domain: string, shop: ShopRow) {
  const { db } = world.services;
  const own = { channel: "shopify", name: domain, account: domain };
  const secrets = { clientSecret: SECRET, accessToken: "t" };
  const connection = await ensureConnection(db, RING, shop.id, {
    ...own,
    ...{ settings: { shop: domain }, secrets },
  });
  const listing = { shopId: shop.id, connectionId: connection.id };
  const tea = await world.item("TEA", shop);
  const cup = await world.item("CUP", shop);
  await world.stock("TEA", 25, shop);
  await world.stock("CUP", 20, shop);
  await world.stock("LAST", 1, shop);
  await world.stock("RARE", 10, shop);
  const named = (externalId: string) => ({ externalId, sku: `S${externalId}`, title: externalId });
  await db.listing.create({ data: { ...listing, ...named("1"), itemId: tea } });
  await db.listing.create({ data: { ...listing, ...named("6"), itemId: tea, unitsPerSale: 6 } });
  for (const [id, sku] of [
    ["5", "LAST"],
    ["7", "RARE"],
  ] as const) {
    const itemId = await world.item(sku, shop);
    await db.listing.create({ data: { ...listing, ...named(id), itemId } });
  }
  const parts = [
    { shopId: shop.id, itemId: tea, units: 1 },
    { shopId: shop.id, itemId: cup, units: 2 },
  ];
  const kit = { ...listing, ...named("9"), kit: true, components: { create: parts } };
  await db.listing.create({ data: kit });
  return connection;
}

interface Sent {
  domain?: string;
  secret?: string;
  at?: number;
  from?: string;
  tamper?: (query: URLSearchParams) => void;
}

/** What a shopper's browser sends to the storefront, as Shopify's app proxy forwards it. */
async function shop(path: string, body: unknown, sent: Sent = {}) {
  const { domain = DOMAIN, secret = SECRET, at = Date.now(), from = "203.0.113.7" } = sent;
  const query = signProxy(
    secret,
    new URLSearchParams({
      ...{ shop: domain, path_prefix: "/apps/ballast", timestamp: `${Math.floor(at / 1_000)}` },
      ...{ logged_in_customer_id: "77" },
    }),
  );
  sent.tamper?.(query);
  const response = await fetch(`${world.url}/proxy/holds${path}?${query}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Forwarded-For": `198.51.100.1, ${from}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const newCart = () => `Z2NwLXVzLWVhc3Qx-${++carts}`;
const line = (variant: string | number, quantity: number) => ({ variant, quantity });
const hold = (cart: string, revision: number, lines: unknown[], sent?: Sent) =>
  shop("", { cart, revision, lines }, sent);

async function held(sku: string, owner = world.shop): Promise<number> {
  const stock = await world.ledger.stock(owner.id, await world.item(sku, owner));
  if ("outcome" in stock) throw new Error(stock.why);
  return stock.held;
}

async function setRules(rules: Partial<HoldTerms>): Promise<void> {
  await saveHoldTerms(world.services.db, world.shop.id, { ...DEFAULT_HOLD_TERMS, ...rules });
  // The door remembers a shop's rules for three seconds.
  await new Promise((done) => setTimeout(done, 3_100));
}

describe("a cart of a storefront", () => {
  test("C1: is held, follows its changes, is extended, and gives back what is taken out", async () => {
    const cart = newCart();
    const first = await hold(cart, 1, [line(1, 2)]);
    expect(first).toMatchObject({
      status: 200,
      body: { outcome: "held", lines: [{ variant: "1", quantity: 2 }] },
    });
    expect(first.body.secondsLeft).toBeGreaterThan(890);
    expect(await held("TEA")).toBe(2);
    await hold(cart, 2, [line("1", 5)]);
    expect(await held("TEA")).toBe(5);
    expect((await shop("/extend", { cart })).body).toMatchObject({ outcome: "held" });
    expect((await shop("/status", { cart: `${cart}?key=9f` })).body.outcome).toBe("held");
    await hold(cart, 3, []);
    expect(await held("TEA")).toBe(0);
    expect(await shop("/extend", { cart })).toMatchObject({
      status: 410,
      body: { outcome: "over" },
    });
  });

  test("C1 B7: packs and kits hold their components, and an unmatched variant holds nothing", async () => {
    const cart = newCart();
    const answer = await hold(cart, 1, [line(6, 1), line(9, 3), line(404, 1)]);
    expect(answer.body.lines).toEqual([line("6", 1), line("9", 3)]);
    expect([await held("TEA"), await held("CUP")]).toEqual([9, 6]);
    await shop("/release", { cart });
    expect([await held("TEA"), await held("CUP")]).toEqual([0, 0]);
  });

  test("C1: what is short is told for every line at once, and nothing of it is held", async () => {
    const others = [newCart(), newCart()];
    for (const cart of others) await hold(cart, 1, [line(1, 10)]);
    const wish = [line(6, 1), line(1, 3), line(9, 1), line(5, 2)];
    expect(await hold(newCart(), 1, wish)).toMatchObject({
      status: 409,
      body: {
        outcome: "short",
        lines: [
          { variant: "6", requested: 1, available: 0 },
          { variant: "5", requested: 2, available: 1 },
        ],
      },
    });
    expect([await held("TEA"), await held("CUP"), await held("LAST")]).toEqual([20, 0, 0]);
    for (const cart of others) await shop("/release", { cart });
  });

  test("C1: keeps its token to itself: only a digest is stored, and no customer", async () => {
    const cart = newCart();
    await hold(cart, 1, [line(1, 1)]);
    const id = `${cartName(cart)}.${await world.item("TEA")}`;
    await expect.poll(() => world.services.db.hold.count({ where: { id } })).toBe(1);
    const { redis } = world.ledger.connection;
    const keys = await redis.keys("*");
    expect(keys.some((key) => key.includes(cartName(cart)))).toBe(true);
    expect(keys.some((key) => key.includes(cart) || key.includes("203.0.113.7"))).toBe(false);
    await shop("/release", { cart });
  });

  test.each(["", "nobody"])(
    "C1: without the app's secret %j does not sign for it",
    async (secret) => {
      const { db } = world.services;
      const domain = "bare.myshopify.com";
      const bare = {
        channel: "shopify",
        name: domain,
        account: domain,
        settings: { shop: domain },
      };
      await ensureConnection(db, RING, world.shop.id, { ...bare, secrets: {} });
      const sent = { domain, secret };
      expect(await hold(newCart(), 1, [line(1, 1)], sent)).toMatchObject({ status: 401 });
    },
  );

  test.each<[string, Sent]>([
    ["another secret", { secret: "guess" }],
    ["a changed shop", { tamper: (query) => query.set("shop", "south.myshopify.com") }],
    ["a shop twice", { tamper: (query) => query.append("shop", DOMAIN) }],
    ["an added parameter", { tamper: (query) => query.set("cart", "x") }],
    ["no signature", { tamper: (query) => query.delete("signature") }],
    ["a signature of two minutes ago", { at: Date.now() - 120_000 }],
    ["a shop nobody connected", { domain: "nobody.myshopify.com" }],
  ])("C1: %s is refused, and holds nothing", async (_name, sent) => {
    expect(await hold(newCart(), 1, [line(1, 1)], sent)).toMatchObject({ status: 401 });
    expect(await held("TEA")).toBe(0);
  });

  test("C1: what is not a cart is refused with what is wrong", async () => {
    const answer = await hold("short", 0, [line("x", -1)]);
    expect(answer.status).toBe(422);
    for (const part of ["cart", "revision", "variant", "quantity"]) {
      expect(answer.body.detail).toContain(part);
    }
  });

  test("another tenant's storefront holds its own stock and no one else's", async () => {
    const south = await ensureShop(world.services.db, "south.myshopify.com", "South");
    await sell("south.myshopify.com", south);
    const cart = newCart();
    await hold(cart, 1, [line(1, 3)], { domain: "south.myshopify.com" });
    expect([await held("TEA"), await held("TEA", south)]).toEqual([0, 3]);
    await hold(cart, 2, [], { domain: DOMAIN });
    expect(await held("TEA", south)).toBe(3);
  });
});

describe("hoarding", () => {
  test("C1: carts together hold a share of a scarce item, and the rest is kept for others", async () => {
    const cart = newCart();
    expect((await hold(cart, 1, [line(7, 6)])).status).toBe(200);
    expect(await hold(newCart(), 1, [line(7, 1)])).toMatchObject({
      status: 409,
      body: { outcome: "share", lines: [{ variant: "7", requested: 1, available: 0 }] },
    });
    await shop("/release", { cart });
  });

  test("C1: a line, a cart and an address hold no more than the shop allows, and are told so", async () => {
    await setRules({ unitsPerLine: 4, unitsPerCart: 6, cartsPerAddress: 2 });
    const limited = (limit: string, most: number) => ({
      status: 429,
      body: { outcome: "limit", limit, most },
    });
    expect(await hold(newCart(), 1, [line(1, 5)])).toMatchObject(limited("units-per-line", 4));
    expect(await hold(newCart(), 1, [line(9, 2), line(1, 1)])).toMatchObject(
      limited("units-per-cart", 6),
    );
    const from = { from: "2001:db8:1:2:3::1" };
    const mine = [newCart(), newCart()];
    for (const cart of mine) expect((await hold(cart, 1, [line(1, 1)], from)).status).toBe(200);
    const neighbour = { from: "2001:db8:1:2:ffff::9" };
    expect(await hold(newCart(), 1, [line(1, 1)], neighbour)).toMatchObject(
      limited("carts-per-address", 2),
    );
    expect((await hold(newCart(), 1, [line(1, 1)], { from: "2001:db8:1:3::1" })).status).toBe(200);
    await hold(mine[0] ?? "", 2, [], from);
    expect(await hold(newCart(), 1, [line(5, 2)], from), "there is one").toMatchObject({
      status: 409,
    });
    expect((await hold(newCart(), 1, [line(1, 1)], neighbour)).status).toBe(200);
    // A cart that is extended keeps its place as long as its holds.
    const [cart = ""] = mine.slice(1);
    const ends = async () => {
      const { redis } = world.ledger.connection;
      const keys = await redis.keys("*:address:*");
      const places = await Promise.all(
        keys.map((key) => redis.zrange(key, "0", "-1", "WITHSCORES")),
      );
      return places
        .flat()
        .filter((_, at) => at % 2 === 1)
        .reduce((sum, end) => sum + Number(end), 0);
    };
    const before = await ends();
    expect((await shop("/extend", { cart }, from)).status).toBe(200);
    expect(await ends()).toBeGreaterThan(before);
  });
});

test("D5: without the record nothing is held, and the storefront is told to try again", async () => {
  const letIn = await world.cutPostgres();
  await expect.poll(() => world.services.heartbeat.alive(), { timeout: 10_000 }).toBe(false);
  const answer = await hold(newCart(), 1, [line(1, 1)]);
  await letIn();
  expect(answer).toMatchObject({ status: 503, body: { outcome: "unavailable" } });
});
