import type { Database, Queryable } from "./client.ts";
import { type Keyring, seal } from "./sealed.ts";

/** How many of a shop's doors were closed. */
export interface EndedAccess {
  connections: number;
  tokens: number;
  endpoints: number;
}

/**
 * Ends all that acts for a shop which has taken the app out: nothing is pushed or read any more, no
 * token opens anything, no webhook is sent, nobody is signed in or written to. Stock and its history
 * stay. Doing it again changes nothing.
 */
export async function endAccess(
  db: Database,
  ring: Keyring,
  shop: string,
  now: Date,
): Promise<EndedAccess> {
  return db.$transaction((tx) => endAll(tx, ring, shop, now));
}

async function endAll(tx: Queryable, ring: Keyring, shop: string, now: Date): Promise<EndedAccess> {
  const where = { shopId: shop };
  const connections = await tx.connection.updateMany({
    where: { ...where, disconnectedAt: null },
    // Connected again they are not live: their listings have gone their own way meanwhile.
    data: {
      ...{ disconnectedAt: now, liveAt: null, reconnectBy: null, secrets: seal(ring, shop, {}) },
      ...{ shutOut: null, shutOutAt: null, trouble: null },
    },
  });
  const tokens = await tx.apiToken.updateMany({
    where: { ...where, revokedAt: null },
    data: { revokedAt: now },
  });
  const endpoints = await tx.webhookEndpoint.updateMany({
    where: { ...where, disabledAt: null },
    data: { disabledAt: now },
  });
  await tx.webhookDelivery.updateMany({
    where: { ...where, state: { in: ["waiting", "sending", "retrying"] } },
    data: { state: "dead", finishedAt: now, answer: "the app was taken out of the shop" },
  });
  await tx.signIn.deleteMany({ where });
  await tx.passwordLink.deleteMany({ where });
  await tx.consentRequest.deleteMany({ where });
  await tx.notifyTarget.deleteMany({ where });
  return { connections: connections.count, tokens: tokens.count, endpoints: endpoints.count };
}

/**
 * Erases what is personal or opens anything, all at once. What is left of the shop is numbers about
 * goods. Which column is which is written down in test/prisma/erased.test.ts.
 * https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
 */
export async function eraseShop(
  db: Database,
  ring: Keyring,
  shop: string,
  now: Date,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await endAll(tx, ring, shop, now);
    const where = { shopId: shop };
    await tx.itemView.deleteMany({ where: { ...where, personId: { not: "" } } });
    await tx.loginTries.deleteMany({ where });
    await tx.person.deleteMany({ where });
    await tx.apiToken.deleteMany({ where });
    await tx.webhookEndpoint.deleteMany({ where });
    await tx.notification.deleteMany({ where });
    await eraseUploads(tx, shop);
    await tx.$executeRaw`
      update connection set secrets = ${seal(ring, shop, {})}, places = null, orders_place = null
      where shop_id = ${shop}`;
    await tx.$executeRaw`update shop set name = split_part(domain, '.', 1) where id = ${shop}`;
  }, LARGE);
}

const LARGE = { timeout: 60_000, maxWait: 10_000 };

/** Files may have columns that we never asked for. */
async function eraseUploads(tx: Queryable, shop: string): Promise<void> {
  await tx.$executeRaw`delete from batch_chunk where shop_id = ${shop}`;
  await tx.$executeRaw`
    update batch set options = options - 'sample' where shop_id = ${shop} and options ? 'sample'`;
  await tx.$executeRaw`
    update batch_row set problems = null where shop_id = ${shop} and problems is not null`;
  await tx.$executeRaw`
    update snapshot set body = null where shop_id = ${shop} and body is not null`;
}
