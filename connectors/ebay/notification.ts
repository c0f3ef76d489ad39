import { createHash } from "node:crypto";
import { z } from "zod";
import type { AppVerification } from "../app-door.ts";
import type { Account, RawRequest, Verification, World } from "../connector.ts";
import { publicKey } from "./public-key.ts";
import { isSigned, readSignature } from "./signature.ts";
import { POINTERS } from "./translate.ts";

const envelopeSchema = z.object({
  metadata: z.object({ topic: z.string() }),
  notification: z.object({ notificationId: z.string(), data: z.unknown() }),
});

type Envelope = z.infer<typeof envelopeSchema>;

const pointerSchema = z.object({ order: z.object({ orderId: z.string() }) });

const userSchema = z.object({ userId: z.string().optional(), username: z.string().optional() });

/** Verified before it is read; then only the order's id is kept of it. */
export async function verifyNotification(
  request: RawRequest,
  account: Account,
  world: World,
): Promise<Verification> {
  const trouble = await signatureTrouble(request, account, world);
  return trouble ?? readBody(request, (envelope) => read(envelope, account));
}

/** The same at the app's door: what eBay tells it of merchants. */
export async function verifyForApp(
  request: RawRequest,
  keys: Readonly<Record<string, string>>,
  world: World,
): Promise<AppVerification> {
  const account = { connection: "", settings: {}, secrets: { ...keys } };
  const trouble = await signatureTrouble(request, account, world);
  return trouble ?? readBody(request, readForApp);
}

type Refusal = Extract<Verification, { outcome: "forged" | "unavailable" | "malformed" }>;

async function signatureTrouble(
  request: RawRequest,
  account: Account,
  world: World,
): Promise<Refusal | null> {
  const header = headerOf(request, "x-ebay-signature");
  const signature = header === null ? null : readSignature(header);
  if (!signature) return { outcome: "forged", why: "no signature that can be read" };
  const found = await publicKey(signature.kid, account, world);
  if (found.outcome !== "found") return { outcome: "unavailable", why: found.why };
  if (!found.key) return { outcome: "forged", why: "signed with a key that eBay does not have" };
  if (isSigned(request.body, signature, found.key)) return null;
  return { outcome: "forged", why: "the signature does not match the body" };
}

function readBody<T>({ body }: RawRequest, use: (envelope: Envelope) => T): T | Refusal {
  try {
    return use(envelopeSchema.parse(JSON.parse(body.toString("utf8"))));
  } catch (error) {
    // A parser's message quotes the body, which holds personal data; zod's names paths only.
    const why = error instanceof z.ZodError ? z.prettifyError(error) : "the body is not JSON";
    return { outcome: "malformed", why };
  }
}

/** A merchant who is gone is let go; of everybody else, buyers that is, nothing is kept. */
const GONE: ReadonlyMap<string, string> = new Map([
  ["AUTHORIZATION_REVOCATION", "eBay says that the merchant took back his consent"],
  ["MARKETPLACE_ACCOUNT_DELETION", "eBay says that the account is deleted"],
]);

function readForApp({ metadata: { topic }, notification }: Envelope): AppVerification {
  const why = GONE.get(topic);
  if (why === undefined) return { outcome: "ignored", why: `topic ${topic}` };
  const { userId, username } = userOf(notification.data);
  if (userId) return { outcome: "deauthorized", setting: "userId", value: userId, why };
  if (username) return { outcome: "deauthorized", setting: "username", value: username, why };
  return { outcome: "malformed", why: "it names no account" };
}

function headerOf({ headers }: RawRequest, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return found?.[1] ?? null;
}

/**
 * eBay signs for every merchant of the app alike. A pointer at another one's order does no harm:
 * orders are read with this merchant's own token. A revocation has to be his.
 */
function read({ metadata: { topic }, notification }: Envelope, account: Account): Verification {
  if (POINTERS.has(topic)) {
    const { order } = pointerSchema.parse(notification.data);
    const payload = { order: order.orderId };
    return {
      outcome: "verified",
      message: { externalId: notification.notificationId, topic, payload },
    };
  }
  if (topic === "AUTHORIZATION_REVOCATION") {
    return isAbout(account, notification.data)
      ? { outcome: "deauthorized", why: "eBay says that the merchant took back his consent" }
      : { outcome: "ignored", why: "the revocation of another account" };
  }
  if (topic === "MARKETPLACE_ACCOUNT_DELETION") {
    return { outcome: "ignored", why: "no buyer's data is kept, so none is to be deleted" };
  }
  return { outcome: "ignored", why: `topic ${topic}` };
}

/** Documented flat, and seen nested. */
function userOf(data: unknown): z.infer<typeof userSchema> {
  return z.object({ user: userSchema }).safeParse(data).data?.user ?? userSchema.parse(data);
}

function isAbout({ settings }: Account, data: unknown): boolean {
  const { userId, username } = userOf(data);
  if (userId !== undefined && settings.userId !== undefined) return userId === settings.userId;
  return username !== undefined && username === settings.username;
}

/** eBay makes sure that a door is ours: hex SHA-256 of its code, our token, the door's address. */
export function answerChallenge(
  query: Readonly<Record<string, string | undefined>>,
  account: Account,
  doorUrl: string,
): { status: number; body: unknown } | null {
  const { challenge_code: code } = query;
  const { verificationToken } = account.secrets;
  // Without a token of our own anybody could have registered this door, and would hear so.
  if (code === undefined || !verificationToken) return null;
  const hash = createHash("sha256").update(code).update(verificationToken).update(doorUrl);
  return { status: 200, body: { challengeResponse: hash.digest("hex") } };
}
