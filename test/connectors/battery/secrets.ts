import { createHmac } from "node:crypto";
import { expect } from "vitest";
import type { Account, RawRequest } from "../../../connectors/connector.ts";
import { NOBODY } from "../../../connectors/nobody.ts";
import { type BenchTest, buyOne } from "../harness.ts";

const hmac = (secret: string, text: string | Buffer) =>
  createHmac("sha256", secret).update(text).digest();

/** Everything that anybody could sign a body with when the app has no secret. */
function guesses(body: Buffer, { connection }: Account): string[] {
  const derived = hmac("", `walmart door of ${connection}`).toString("hex");
  const digests = [hmac("", body), hmac(derived, body)];
  const passwords = ["", derived].map((one) => Buffer.from(`ballast:${one}`).toString("base64"));
  return [...digests.flatMap((one) => [one.toString("hex"), one.toString("base64")]), ...passwords];
}

/** The message with every header that may be a signature replaced. */
function signedAs(guess: string, { headers, body }: RawRequest): RawRequest {
  const named = Object.entries(headers).filter(([name]) => !/hmac|signature|auth/i.test(name));
  const signature = { "X-Shopify-Hmac-Sha256": guess, Authorization: guess };
  const others = { "X-Ebay-Signature": guess, "x-corner-signature": guess };
  return { headers: { ...Object.fromEntries(named), ...signature, ...others }, body };
}

/** A secret that is missing or empty is one that everybody knows. */
export function secretsBattery(test: BenchTest): void {
  test("G: without our app's secrets nothing verifies, whatever it is signed with", async ({
    rig,
  }) => {
    const { connector, account, clock } = rig;
    buyOne(rig);
    const told = await rig.arrived();
    if (connector.abilities.inbound === "door") expect(told).not.toEqual([]);
    const empty = Object.fromEntries(Object.keys(account.secrets).map((name) => [name, ""]));
    for (const secrets of [{}, empty, { ...empty, previousClientSecret: "" }]) {
      for (const request of told) {
        for (const guess of guesses(request.body, account)) {
          const bare = { ...account, secrets };
          const verified = await connector.verify(signedAs(guess, request), bare, {
            now: clock.now,
          });
          expect(verified, `${guess} of ${Object.keys(secrets)}`).toMatchObject({
            outcome: "forged",
          });
        }
      }
      const query = { challenge_code: "abc", challenge: "abc" };
      expect(connector.greet?.(query, { ...account, secrets }, "http://door.test/") ?? null).toBe(
        null,
      );
    }
  });

  test("G: what is sent to nobody is refused, and no call is made for it", async ({ rig }) => {
    buyOne(rig);
    const told = await rig.arrived();
    const calls = rig.calls.length;
    for (const request of told) {
      const forged = signedAs("bm90IGl0", request);
      const named = Buffer.from(JSON.stringify({ kid: crypto.randomUUID(), signature: "eA==" }));
      const headers = { ...forged.headers, "X-Ebay-Signature": named.toString("base64") };
      const world = { now: rig.clock.now };
      expect(await rig.connector.verify({ ...forged, headers }, NOBODY, world)).toMatchObject({
        outcome: "forged",
      });
    }
    expect(rig.calls.length).toBe(calls);
  });
}
