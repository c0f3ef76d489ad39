/** `npm run token -- NAME`: an API token of the demo merchant, shown once. */
import { openDatabase } from "../prisma/client.ts";
import { findShopByDomain } from "../prisma/shops.ts";
import { createToken } from "../prisma/tokens.ts";
import { readDatabaseEnv } from "./env.ts";

const [name] = process.argv.slice(2);
if (!name) {
  console.error("npm run token -- NAME   (what the token is for, e.g. warehouse)");
  process.exit(2);
}
const env = readDatabaseEnv();
const db = openDatabase(env.DATABASE_URL, 1);
const shop = await findShopByDomain(db, env.STANDALONE_SHOP);
if (!shop) throw new Error(`there is no shop ${env.STANDALONE_SHOP}`);
console.log(await createToken(db, shop.id, name));
await db.$disconnect();
