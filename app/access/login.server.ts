import { type AppLoadContext, redirect } from "@remix-run/node";
import { z } from "zod";
import { countTry, forgetTries, type TryLimit } from "../../prisma/login-tries.ts";
import { findAccount } from "../../prisma/people.ts";
import type { ShopRow } from "../../prisma/shops.ts";
import { startSignIn } from "../../prisma/sign-ins.ts";
import type {} from "../context.ts";
import type { Services } from "../services.ts";
import { PASSWORD_LENGTH } from "./login-texts.ts";
import { isPassword } from "./password.ts";
import { signInHeader } from "./sign-in-cookie.ts";

const QUARTER_MS = 15 * 60_000;

/** A person mistypes a few times; whoever guesses needs thousands of tries. */
const OF_ACCOUNT = { tries: 10, withinMs: QUARTER_MS };
/** A whole office may share an address. */
const OF_ADDRESS = { tries: 50, withinMs: QUARTER_MS };

const form = z.object({
  email: z.string().trim().toLowerCase().min(1, "email").max(254, "email"),
  password: z.string().min(1, "password").max(PASSWORD_LENGTH.max, "password"),
});

export type LoginResult =
  | { outcome: "signed-in"; secret: string }
  /** By field. */
  | { outcome: "invalid"; fields: ("email" | "password")[] }
  /** No account, another password, no password yet, disabled: nobody is told which. */
  | { outcome: "wrong" }
  | { outcome: "too-many"; minutes: number };

/** Logs a person in who says an address and a password. */
export async function logIn(
  { db, now, log }: Services,
  shop: ShopRow,
  given: Record<string, unknown>,
  from: string,
): Promise<LoginResult> {
  const parsed = form.safeParse(given);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path[0] as "email" | "password");
    return { outcome: "invalid", fields };
  }
  const { email, password } = parsed.data;
  const at = new Date(now());
  const account: TryLimit = { ...OF_ACCOUNT, subject: `account ${email}` };
  const limits: TryLimit[] = [account, { ...OF_ADDRESS, subject: `address ${from}` }];
  for (const limit of limits) {
    const next = await countTry(db, shop.id, limit, at);
    if (!next) continue;
    log.warn({ from }, "too many tries to log in");
    return { outcome: "too-many", minutes: Math.ceil((next.getTime() - now()) / 60_000) };
  }
  const person = await findAccount(db, shop.id, email);
  const known = await isPassword(password, person?.passwordHash ?? null);
  if (!person || !known || person.disabled) return { outcome: "wrong" };
  await forgetTries(db, shop.id, account, at);
  return { outcome: "signed-in", secret: await startSignIn(db, shop.id, person.id, at) };
}

/** Sends a browser on that is signed in now. */
export async function signedInRedirect(
  request: Request,
  { services }: AppLoadContext,
  secret: string,
  to: string,
): Promise<Response> {
  const cookie = await signInHeader(secret, isSecure(request, services));
  return redirect(to, { headers: { "Set-Cookie": cookie } });
}

/** Whether a cookie must never travel over a connection that others can read. */
export function isSecure(request: Request, { publicUrl }: Pick<Services, "publicUrl">): boolean {
  return publicUrl.startsWith("https:") || new URL(request.url).protocol === "https:";
}

/** A page of ours to go on to after logging in, and nobody else's. */
export function pageAfterLogin(to: unknown): string {
  return typeof to === "string" && /^\/app(?=[/?]|$)/.test(to) ? to : "/app";
}
