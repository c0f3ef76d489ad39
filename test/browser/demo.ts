import { availableToSell } from "../../inventory/stock.ts";
import { replanListings } from "../../jobs/planner.ts";
import { ensureConnection } from "../../prisma/connections.ts";
import { RING, type World } from "../app/world.ts";

/** What the demo merchant sells, and how many units there are of it. */
export const ITEMS = { JACKET: 500, CAP: 40, VEST: 3 } as const;

export interface Demo {
  /** Connection ids by channel. */
  connections: Record<"shopify" | "amazon", string>;
  /** Sells on a channel; what the worker does after that is done here too. */
  sell(sku: string, quantity: number, channel: "shopify" | "amazon"): Promise<void>;
}

/** Two marketplaces, three items on both, received, planned and shown. */
export async function seedDemo(world: World): Promise<Demo> {
  const { db } = world.services;
  const connect = async (channel: "shopify" | "amazon") => {
    const account = { channel, name: `North on ${channel}`, account: channel };
    const row = await ensureConnection(db, RING, world.shop.id, {
      ...{ ...account, settings: {}, secrets: {} },
    });
    return row.id;
  };
  const connections = { shopify: await connect("shopify"), amazon: await connect("amazon") };
  for (const [sku, quantity] of Object.entries(ITEMS)) {
    await world.stock(sku, quantity);
    const itemId = await world.item(sku);
    for (const connectionId of Object.values(connections)) {
      const names = { externalId: `L-${sku}`, sku, title: `Title of ${sku}` };
      await db.listing.create({ data: { shopId: world.shop.id, connectionId, itemId, ...names } });
    }
  }
  await replanListings(world.services, world.shop.id);
  await showPlans(world);
  let orders = 0;
  return {
    connections,
    sell: async (sku, quantity, channel) => {
      const item = await world.item(sku);
      const order = `${channel}-${++orders}`;
      const connection = connections[channel];
      await world.apply({
        ...{ shop: world.shop.id, item, activity: order, type: "sell", actor: channel },
        ...{ order, channel, connection, quantity },
      });
      await replanListings(world.services, world.shop.id, { item });
      world.live.publish(world.shop.id, { items: [item] });
    },
  };
}

/** Every marketplace has taken its number, and shows it. */
async function showPlans({ services, shop }: World): Promise<void> {
  await services.db.$executeRaw`
    update listing set accepted = planned, accepted_seq = planned_seq, accepted_at = now(),
      shown = planned, shown_at = now()
    where shop_id = ${shop.id}`;
}

/** What is available of an item now. */
export async function available(world: World, sku: string): Promise<number> {
  const stock = await world.ledger.stock(world.shop.id, await world.item(sku));
  if ("outcome" in stock) throw new Error(stock.why);
  return availableToSell(stock);
}
