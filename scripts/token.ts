/** `npm run token -- NAME [SCOPE ...]`: an API token of the demo merchant, shown once. */
import { isScope, SCOPES } from "../inventory/scope.ts";
import { openDatabase } from "../prisma/client.ts";
import { findShopByDomain } from "../prisma/shops.ts";
import { createToken } from "../prisma/tokens.ts";
import { readDatabaseEnv } from "./env.ts";

const [name, ...wanted] = process.argv.slice(2);
const scopes = wanted.filter(isScope);
if (!name || scopes.length < wanted.length) {
  console.error("npm run token -- NAME [SCOPE ...]   (what the token is for, e.g. warehouse)");
  console.error(`scopes, all of them when none is named: ${SCOPES.join(" ")}`);
  process.exit(2);
}
const env = readDatabaseEnv();
const db = openDatabase(env.DATABASE_URL, 1);
const shop = await findShopByDomain(db, env.STANDALONE_SHOP);
if (!shop) throw new Error(`there is no shop ${env.STANDALONE_SHOP}`);
console.log(await createToken(db, shop.id, name, scopes.length > 0 ? { scopes } : {}));
await db.$disconnect();
