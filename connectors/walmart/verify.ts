import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Account, RawRequest, Verification, World } from "../connector.ts";
import { DOOR_USER, doorSecret } from "./door-secret.ts";
import { readEvent } from "./event.ts";

/** The header we ask Walmart to sign in. */
export const SIGNATURE_HEADER = "Authorization";

/**
 * HMAC-SHA256 of the raw body with the secret we gave, or that secret as a password. Whether a
 * signature is written in hex or in base64 is not documented: both are understood.
 * https://developer.walmart.com/us-marketplace/reference/createsubscription
 */
export function verifyEvent(request: RawRequest, account: Account, world: World): Verification {
  const given = headerOf(request, SIGNATURE_HEADER);
  if (given === null) return { outcome: "forged", why: "no signature" };
  const secrets = secretsOf(account);
  if (secrets.length === 0)
    return { outcome: "forged", why: "the app has no secret to check with" };
  if (!secrets.some((one) => isSigned(request.body, given, one) || isPassword(given, one))) {
    return { outcome: "forged", why: "the signature does not match the body" };
  }
  try {
    const read = readEvent(JSON.parse(request.body.toString("utf8")));
    return read.outcome === "levels" ? { ...read, levels: read.levels.map(timed(world)) } : read;
  } catch (error) {
    // A parser's message quotes the body, which may hold personal data; zod's names paths only.
    const why = error instanceof z.ZodError ? z.prettifyError(error) : "the body is not JSON";
    return { outcome: "malformed", why };
  }
}

/** What was subscribed with before the app's secret was changed is signed with the one before. */
function secretsOf({ connection, secrets }: Account): string[] {
  return [secrets.clientSecret, secrets.previousClientSecret]
    .map((one) => doorSecret(one, connection))
    .filter((one) => one !== null);
}

/** A level of no time is of now. */
const timed =
  (world: World) =>
  <T extends { at: number }>(level: T): T => ({ ...level, at: level.at || world.now() });

function isSigned(body: Buffer, given: string, secret: string): boolean {
  const wanted = createHmac("sha256", secret).update(body).digest();
  const isHex = /^[0-9a-f]{64}$/i.test(given);
  const signature = Buffer.from(given, isHex ? "hex" : "base64");
  return signature.length === wanted.length && timingSafeEqual(signature, wanted);
}

/** "user:password" in base64, with the word "Basic" before it or without. */
function isPassword(given: string, secret: string): boolean {
  const told = digest(given.replace(/^Basic +/i, ""));
  const wanted = digest(Buffer.from(`${DOOR_USER}:${secret}`).toString("base64"));
  return timingSafeEqual(told, wanted);
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Header names mean the same in any case. */
function headerOf({ headers }: RawRequest, wanted: string): string | null {
  const found = Object.entries(headers).find(
    ([name]) => name.toLowerCase() === wanted.toLowerCase(),
  );
  return found?.[1] || null;
}
