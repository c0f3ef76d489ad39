import { z } from "zod";
import type { Database } from "../../prisma/client.ts";
import { countTry } from "../../prisma/login-tries.ts";
import { takePasswordLink } from "../../prisma/password-links.ts";
import { namePerson, passwordHashOf, setPassword } from "../../prisma/people.ts";
import type { ShopRow } from "../../prisma/shops.ts";
import { endSignIns, startSignIn } from "../../prisma/sign-ins.ts";
import type { Services } from "../services.ts";
import { LOGIN_TEXTS, PASSWORD_LENGTH, tooManyText } from "./login-texts.ts";
import { hashPassword, isPassword } from "./password.ts";
import type { Person } from "./person.ts";

/** By field of the form, each with its sentence. */
export interface PasswordRefused {
  outcome: "invalid";
  errors: Record<string, string>;
}

export type LinkResult =
  | { outcome: "signed-in"; secret: string }
  | { outcome: "link-over" }
  | PasswordRefused;

const newPassword = {
  password: z
    .string()
    .min(PASSWORD_LENGTH.min, LOGIN_TEXTS.short)
    .max(PASSWORD_LENGTH.max, LOGIN_TEXTS.long),
  again: z.string(),
};
const byLink = z.object({
  name: z.string().trim().min(1, LOGIN_TEXTS.name).max(80, LOGIN_TEXTS.name),
  ...newPassword,
});
const bySelf = z.object({ current: z.string().min(1, LOGIN_TEXTS.current), ...newPassword });

/**
 * Lets the person of a link choose a password, and signs in with it. Every browser that was signed
 * in before is signed out: whoever needs a new password may have lost the old one to somebody.
 */
export async function choosePassword(
  { db, now }: Services,
  shop: ShopRow,
  link: { secret: string; email: string | null },
  form: FormData,
): Promise<LinkResult> {
  const parsed = byLink.safeParse(Object.fromEntries(form));
  const errors = problems(parsed, link.email);
  if (!parsed.success || errors) return { outcome: "invalid", errors: errors ?? {} };
  const at = new Date(now());
  const hash = await hashPassword(parsed.data.password);
  return db.$transaction(async (tx) => {
    const person = await takePasswordLink(tx, shop.id, link.secret, at);
    if (!person) return { outcome: "link-over" };
    await namePerson(tx, shop.id, person.id, parsed.data.name);
    await setPassword(tx, shop.id, person.id, hash);
    await endSignIns(tx, shop.id, person.id);
    return { outcome: "signed-in", secret: await startSignIn(tx, shop.id, person.id, at) };
  });
}

export type ChangeResult = { outcome: "changed" } | PasswordRefused;

/** A stolen browser must not be a place to guess its owner's password. */
const TRIES = { tries: 10, withinMs: 15 * 60_000 };

/** Changes one's own password; every other browser is signed out. */
export async function changePassword(
  { db, now }: Services,
  shop: ShopRow & { person: Person },
  here: string | null,
  form: FormData,
): Promise<ChangeResult> {
  const parsed = bySelf.safeParse(Object.fromEntries(form));
  const errors = problems(parsed, null);
  if (!parsed.success || errors) return { outcome: "invalid", errors: errors ?? {} };
  const { person } = shop;
  const wrong = await wrongPassword(db, shop, parsed.data.current, now());
  if (wrong) return { outcome: "invalid", errors: { current: wrong } };
  await setPassword(db, shop.id, person.id, await hashPassword(parsed.data.password));
  await endSignIns(db, shop.id, person.id, here ?? undefined);
  return { outcome: "changed" };
}

async function wrongPassword(
  db: Database,
  { id: shop, person }: ShopRow & { person: Person },
  password: string,
  now: number,
): Promise<string | undefined> {
  const limit = { ...TRIES, subject: `change ${person.id}` };
  const next = await countTry(db, shop, limit, new Date(now));
  if (next) return tooManyText(Math.ceil((next.getTime() - now) / 60_000));
  const known = await isPassword(password, await passwordHashOf(db, shop, person.id));
  return known ? undefined : LOGIN_TEXTS.current;
}

/** Everything that is wrong with a form at once; undefined when nothing is. */
function problems(
  parsed: z.ZodSafeParseResult<{ password: string; again: string }>,
  email: string | null,
): Record<string, string> | undefined {
  if (!parsed.success) {
    const found = parsed.error.issues.map(({ path, message }) => [String(path[0]), message]);
    return Object.fromEntries(found.reverse());
  }
  const { password, again } = parsed.data;
  if (password.toLowerCase() === email) return { password: LOGIN_TEXTS.same };
  return password === again ? undefined : { again: LOGIN_TEXTS.unlike };
}
