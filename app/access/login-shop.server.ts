import { type AppLoadContext, redirect } from "@remix-run/node";
import { findShopByDomain, type ShopRow } from "../../prisma/shops.ts";
import type {} from "../context.ts";

/**
 * The shop whose people log in here. Throws the Response that leads elsewhere when this is not an
 * app one logs in to, or when nobody has made the shop yet.
 */
export async function requireLoginShop({ services, gate }: AppLoadContext): Promise<ShopRow> {
  if (!gate.login) throw redirect("/app");
  const shop = await findShopByDomain(services.db, gate.login.domain);
  if (shop) return shop;
  const why = `There is no merchant ${gate.login.domain} yet. npm run owner -- YOUR@EMAIL makes one.`;
  throw new Response(why, { status: 404, statusText: "No merchant yet" });
}
