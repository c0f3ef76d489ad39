import { z } from "zod";
import type { Account, CallFailure, Session } from "../connector.ts";
import type { TikTokClient } from "./client.ts";
import { tiktokId } from "./read-json.ts";

const shopSchema = z.object({
  id: tiktokId,
  /** Names the shop in every call about it. */
  cipher: z.string().min(1),
  name: z
    .string()
    .nullish()
    .transform((name) => name ?? "TikTok Shop"),
  region: z
    .string()
    .nullish()
    .transform((region) => region ?? ""),
});

export type AuthorizedShop = z.infer<typeof shopSchema>;

const shopsSchema = z.object({ shops: z.array(shopSchema).nullish() });

/** The shops that the consent covers now: a seller can take one of them out. */
export async function authorizedShops(
  client: TikTokClient,
): Promise<{ outcome: "shops"; shops: AuthorizedShop[] } | CallFailure> {
  const answer = await client.read(shopsSchema, {
    name: "listings",
    method: "GET",
    path: "/authorization/202309/shops",
  });
  if (answer.outcome !== "answered") return answer;
  return { outcome: "shops", shops: answer.data.shops ?? [] };
}

/** We are let in as long as our shop is among those; until the refresh token ends. */
export async function health(
  client: TikTokClient,
  account: Account,
): ReturnType<Session["health"]> {
  const answer = await authorizedShops(client);
  if (answer.outcome !== "shops") return answer;
  if (!answer.shops.some(({ id }) => id === account.settings.shopId)) {
    const why = "the shop is no longer among those we were let into";
    return { outcome: "unauthorized", why, cause: "revoked" };
  }
  const token = await client.token();
  return token.outcome === "token"
    ? { outcome: "healthy", reconnectBy: token.reconnectBy ?? null }
    : token;
}
