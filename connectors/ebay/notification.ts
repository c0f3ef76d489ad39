import { createHash } from "node:crypto";
import { z } from "zod";
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
  const header = headerOf(request, "x-ebay-signature");
  const signature = header === null ? null : readSignature(header);
  if (!signature) return { outcome: "forged", why: "no signature that can be read" };
  const found = await publicKey(signature.kid, account, world);
  if (found.outcome !== "found") return { outcome: "unavailable", why: found.why };
  if (!found.key) return { outcome: "forged", why: "signed with a key that eBay does not have" };
  if (!isSigned(request.body, signature, found.key)) {
    return { outcome: "forged", why: "the signature does not match the body" };
  }
  try {
    return read(envelopeSchema.parse(JSON.parse(request.body.toString("utf8"))), account);
  } catch (error) {
    // A parser's message quotes the body, which holds personal data; zod's names paths only.
    const why = error instanceof z.ZodError ? z.prettifyError(error) : "the body is not JSON";
    return { outcome: "malformed", why };
  }
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

function isAbout({ settings }: Account, data: unknown): boolean {
  const nested = z.object({ user: userSchema }).safeParse(data).data?.user;
  const { userId, username } = nested ?? userSchema.parse(data);
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
