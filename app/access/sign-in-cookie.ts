import { createCookie } from "@remix-run/node";
import { SIGN_IN_LIVES_MS } from "../../prisma/sign-ins.ts";

/** What a signed-in browser brings. No script reads it, and another site's form does not send it. */
const cookie = createCookie("ballast_session", { httpOnly: true, path: "/", sameSite: "lax" });

/** The secret a browser is signed in with, or null. */
export async function signInSecret(request: Request): Promise<string | null> {
  const secret: unknown = await cookie.parse(request.headers.get("Cookie"));
  return typeof secret === "string" && secret !== "" ? secret : null;
}

/** The header that signs a browser in; without a secret, the one that signs it out. */
export function signInHeader(secret: string | null, secure: boolean): Promise<string> {
  const maxAge = secret === null ? 0 : SIGN_IN_LIVES_MS / 1_000;
  return cookie.serialize(secret ?? "", { maxAge, secure });
}
