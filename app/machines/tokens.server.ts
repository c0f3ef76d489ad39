import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import { SCOPES } from "../../inventory/scope.ts";
import { createToken, listTokens, revokeToken, type TokenRow } from "../../prisma/tokens.ts";
import type { Merchant } from "../access/person.ts";
import type { Services } from "../services.ts";
import { LIVES, TOKEN_ERRORS, type TokensResult } from "./token-texts.ts";

/** A token as its page shows it. */
export interface TokenView extends TokenRow {
  expired: boolean;
}

export async function readTokens(
  { services }: AppLoadContext,
  shop: string,
): Promise<{ tokens: TokenView[] }> {
  const { db, now } = services;
  const tokens = await listTokens(db, shop);
  return {
    tokens: tokens.map((token) => {
      return { ...token, expired: token.expiresAt !== null && token.expiresAt.getTime() <= now() };
    }),
  };
}

const DAY_MS = 24 * 60 * 60_000;
const lives = LIVES.map(({ value }) => value);
const decision = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("create"),
    name: z.string().trim().min(1).max(100),
    scopes: z.array(z.enum(SCOPES)).min(1),
    expires: z.enum(lives),
  }),
  z.object({ intent: z.literal("revoke"), token: z.string().min(1).max(40) }),
]);

/** Makes or revokes a token, as an owner decided. */
export async function changeTokens(
  { services }: AppLoadContext,
  merchant: Merchant,
  form: FormData,
): Promise<TokensResult> {
  // Polaris names a list of many choices so.
  const parsed = decision.safeParse({
    ...Object.fromEntries(form),
    scopes: form.getAll("scopes[]"),
  });
  if (!parsed.success) return invalid(parsed.error);
  const { data } = parsed;
  switch (data.intent) {
    case "create":
      return create(services, merchant, data);
    case "revoke":
      return revoke(services, merchant, data.token);
    default:
      return exhaustive(data);
  }
}

function invalid(error: z.ZodError): TokensResult {
  const fields = error.issues.map(({ path }) => String(path[0]));
  const named = (["name", "scopes", "expires"] as const).filter((field) => fields.includes(field));
  if (named.length === 0) return { outcome: "gone" };
  const errors = Object.fromEntries(named.map((field) => [field, TOKEN_ERRORS[field]]));
  return { outcome: "invalid", errors };
}

async function create(
  { db, now, log }: Services,
  { id: shop, person }: Merchant,
  { name, scopes, expires }: Extract<z.output<typeof decision>, { intent: "create" }>,
): Promise<TokensResult> {
  const expiresAt = expires === "" ? null : new Date(now() + Number(expires) * DAY_MS);
  const token = await createToken(db, shop, name, { scopes, expiresAt });
  log.info({ shop, by: person.id, name, scopes }, "an API token was made");
  return { outcome: "created", name, token };
}

async function revoke(
  { db, log, now }: Services,
  { id: shop, person }: Merchant,
  token: string,
): Promise<TokensResult> {
  const known = (await listTokens(db, shop)).find(({ id }) => id === token);
  const done = await revokeToken(db, shop, token, new Date(now()));
  if (!known || !done) return { outcome: "gone" };
  log.info({ shop, by: person.id, token }, "an API token was revoked");
  return { outcome: "revoked", name: known.name };
}
