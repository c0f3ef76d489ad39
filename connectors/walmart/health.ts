import { z } from "zod";
import type { Account, Session } from "../connector.ts";
import { saying } from "../http.ts";
import { asFailure, type WalmartClient } from "./client.ts";

const detailSchema = saying(
  z.object({
    is_valid: z.union([z.boolean(), z.stringbool()]).nullish(),
    scopes: z.record(z.string(), z.string()).nullish(),
  }),
  "is_valid",
  "scopes",
  "expire_at",
);

/** What the product cannot do without. Whatever is not named here is not looked at. */
const NEEDED: Record<string, RegExp> = {
  inventory: /^full_access$/,
  orders: /^(view_only|full_access)$/,
};

/**
 * What the token in use may do, and when the year of the merchant's consent ends.
 * https://developer.walmart.com/us-marketplace/docs/api-scope-walmart-marketplace
 */
export async function health(
  client: WalmartClient,
  account: Account,
): ReturnType<Session["health"]> {
  const path = "/v3/token/detail";
  const ask = { method: "GET", path, kind: "read", name: null } as const;
  const answer = await client.run(detailSchema, ask);
  if (answer.outcome === "refused") return asFailure(answer);
  if (answer.outcome !== "answered") return answer;
  const { is_valid: valid, scopes } = answer.data;
  if (valid === false) {
    return { outcome: "unauthorized", why: "the token is not valid", cause: "revoked" };
  }
  const missing = Object.entries(NEEDED).filter(
    ([scope, enough]) => scopes?.[scope] !== undefined && !enough.test(scopes[scope]),
  );
  if (missing.length > 0) {
    const why = `not allowed: ${missing.map(([scope]) => scope).join(", ")}`;
    return { outcome: "unauthorized", why, cause: "forbidden" };
  }
  const { refreshTokenExpiresAt } = account.secrets;
  return {
    outcome: "healthy",
    reconnectBy: refreshTokenExpiresAt === undefined ? null : Number(refreshTokenExpiresAt),
  };
}
