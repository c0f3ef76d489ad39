/** How a receiver checks an event, as the page shows it. A test runs it against our own signature. */
export const VERIFY_EXAMPLE = `import { createHmac, timingSafeEqual } from "node:crypto";

const FIVE_MINUTES = 5 * 60;

/** Whether Ballast sent this: \`body\` is the request's body as it came, byte for byte. */
export function isFromBallast(secret: string, headers: Headers, body: string): boolean {
  const id = headers.get("webhook-id") ?? "";
  const seconds = headers.get("webhook-timestamp") ?? "";
  if (Math.abs(Date.now() / 1_000 - Number(seconds)) > FIVE_MINUTES) return false;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const expected = createHmac("sha256", key).update(\`\${id}.\${seconds}.\${body}\`).digest();
  // Two signatures while a secret is being replaced: one of them has to be right.
  return (headers.get("webhook-signature") ?? "").split(" ").some((signature) => {
    const told = Buffer.from(signature.replace("v1,", ""), "base64");
    return told.length === expected.length && timingSafeEqual(told, expected);
  });
}
`;
