/**
 * `npm run keys:rotate`, with the DATABASE_URL and BALLAST_KEYS of the installation: put a new key
 * in front of BALLAST_KEYS, start both processes with it, run this, take the old key out.
 */
import { openDatabase } from "../prisma/client.ts";
import { resealAll } from "../prisma/reseal.ts";
import { keyring } from "../prisma/sealed.ts";
import { readKeysEnv } from "./env.ts";

const env = readKeysEnv();
const db = openDatabase(env.DATABASE_URL, 2);
const { connections, targets, webhooks, unopened } = await resealAll(db, keyring(env.BALLAST_KEYS));
await db.$disconnect();
console.log(`sealed anew: ${connections} connections, ${targets} notification addresses`);
console.log(`and ${webhooks} webhook endpoints`);
for (const row of unopened) console.error(`${row} opens with no key of BALLAST_KEYS`);
if (unopened.length > 0) process.exitCode = 1;
