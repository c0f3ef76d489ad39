import { z } from "zod";
import type { CallFailure, World } from "../connector.ts";
import type { SessionExchange } from "../consent.ts";
import { askTokenEndpoint, exchangeOf } from "./grants.ts";

/** Somebody in a shop's admin. Of what Shopify tells of him, only this is kept. */
export interface ShopifyUser {
  outcome: "known";
  name: string;
  /** He owns the shop's account at Shopify. */
  owner: boolean;
}

const userSchema = z.object({
  associated_user: z.object({
    first_name: z.string().nullish(),
    last_name: z.string().nullish(),
    account_owner: z.boolean(),
  }),
});

/**
 * Who sent a session token, which names a number only. Shopify says more with an online token,
 * which is thrown away at once: it opens nothing for us (docs/decisions/0006).
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/online-access-tokens
 */
export async function whoIs(
  { shop, sessionToken, app }: SessionExchange,
  world: World,
): Promise<ShopifyUser | { outcome: "refused"; error: string } | CallFailure> {
  const asked = await askTokenEndpoint(world, shop, app, exchangeOf(sessionToken, "online"));
  if (asked.outcome !== "answered") return asked;
  const parsed = userSchema.safeParse(asked.answer);
  if (!parsed.success) return { outcome: "refused", error: "the answer names no user" };
  const { first_name, last_name, account_owner: owner } = parsed.data.associated_user;
  const name = [first_name, last_name].filter(Boolean).join(" ").trim();
  return { outcome: "known", name: name || "Somebody without a name", owner };
}
