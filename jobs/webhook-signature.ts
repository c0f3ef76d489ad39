import { createHmac } from "node:crypto";

/**
 * The headers that prove where an event comes from, as Standard Webhooks defines them: HMAC-SHA256
 * over id, time and body, one signature for each secret that is in force.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureHeaders(
  secrets: readonly string[],
  { event, body, at }: { event: string; body: string; at: number },
): Record<string, string> {
  const seconds = Math.floor(at / 1_000);
  const signed = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const signature = createHmac("sha256", key).update(`${event}.${seconds}.${body}`);
    return `v1,${signature.digest("base64")}`;
  });
  return {
    "webhook-id": event,
    "webhook-timestamp": String(seconds),
    "webhook-signature": signed.join(" "),
  };
}
