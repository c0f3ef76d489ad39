/**
 * `npm run owner -- EMAIL`: a link with which an owner of the stand-alone shop chooses a password.
 * The first owner comes in with it, and so does one who forgot the password. Whoever can run this
 * can read the database: it gives nobody more than they have.
 */
import { z } from "zod";
import { joinUrl } from "../app/team/join-url.ts";
import { openDatabase } from "../prisma/client.ts";
import { createPasswordLink } from "../prisma/password-links.ts";
import { addPerson, changePerson, findAccount } from "../prisma/people.ts";
import { ensureShop } from "../prisma/shops.ts";
import { findRunning } from "./ballast/running.ts";

const email = z.email().max(254).safeParse(process.argv[2]?.trim().toLowerCase());
if (!email.success) {
  console.error("npm run owner -- EMAIL   (the address the owner logs in with)");
  process.exit(2);
}
const running = process.env.DATABASE_URL ? undefined : await findRunning();
const url = process.env.DATABASE_URL ?? running?.databaseUrl;
if (!url) {
  console.error("Ballast does not run here: start it, or say where its database is: DATABASE_URL");
  process.exit(2);
}
const domain = process.env.STANDALONE_SHOP ?? running?.shopDomain ?? "demo.myshopify.com";
const publicUrl = process.env.APP_URL ?? running?.appUrl ?? "http://127.0.0.1:3000";

const db = openDatabase(url, 1);
const now = new Date();
const shop = await ensureShop(db, domain, domain.split(".")[0] ?? domain);
const known = await findAccount(db, shop.id, email.data);
const who = {
  name: email.data.split("@")[0] ?? "Owner",
  email: email.data,
  role: "owner" as const,
};
const person = known?.id ?? (await addPerson(db, shop.id, who));
if (!person) throw new Error("somebody added this person a moment ago: run it again");
await changePerson(db, shop.id, person, { role: "owner" }, now);
await changePerson(db, shop.id, person, { disabled: false }, now);
console.log(
  joinUrl(publicUrl.replace(/\/+$/, ""), await createPasswordLink(db, shop.id, person, now)),
);
console.error(`Open it in a browser to choose the password of ${email.data}. It works once.`);
await db.$disconnect();
