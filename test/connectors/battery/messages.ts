import { expect } from "vitest";
import type { Account, RawRequest } from "../../../connectors/connector.ts";
import {
  type Bench,
  type BenchTest,
  buyOne,
  JACKET,
  START,
  SWEEPABLE_MS,
  sweepAll,
} from "../harness.ts";

/** What came to the door, if there is one. */
async function atTheDoor(rig: Bench): Promise<RawRequest[]> {
  const requests = await rig.arrived();
  if (rig.connector.abilities.inbound === "door") expect(requests).not.toEqual([]);
  return requests;
}

async function verified(rig: Bench, request: RawRequest, account = rig.account): Promise<string> {
  const { outcome } = await rig.connector.verify(request, account, { now: rig.clock.now });
  return outcome;
}

/** What a connector takes at its door and keeps. */
export function messagesBattery(test: BenchTest): void {
  test("G: a message that the marketplace did not send is refused", async ({ rig }) => {
    const body = Buffer.from(JSON.stringify({ id: 1, line_items: [] }));
    const headers = { "X-Shopify-Hmac-Sha256": "bm90IGl0", "X-Shopify-Topic": "orders/create" };
    const verify = (headers: Record<string, string>) =>
      rig.connector.verify({ headers, body }, rig.account, { now: rig.clock.now });
    expect(await verify(headers)).toMatchObject({ outcome: "forged" });
    expect(await verify({})).toMatchObject({ outcome: "forged" });
  });

  test("G: a message is refused when one byte of it was changed after it was signed", async ({
    rig,
  }) => {
    buyOne(rig);
    for (const request of await atTheDoor(rig)) {
      expect(await verified(rig, request)).not.toBe("forged");
      // A digit for a digit: it stays JSON, and says something else.
      const at = request.body.findIndex((byte) => byte >= 0x31 && byte <= 0x38);
      const body = Buffer.from(request.body);
      body[at] = (body[at] ?? 0) + 1;
      expect(await verified(rig, { ...request, body })).toBe("forged");
      expect(await verified(rig, { ...request, body: body.subarray(0, -1) })).toBe("forged");
    }
  });

  test("G: what is signed for another merchant of ours is not this one's", async ({ rig }) => {
    const others: Record<string, Partial<Account>> = {
      shopify: { settings: { ...rig.account.settings, shop: "other.myshopify.com" } },
      tiktok: { settings: { ...rig.account.settings, shopId: "7495540735365770000" } },
      // The secret that a door is signed with is made of the connection's id.
      walmart: { connection: "another-connection" },
    };
    const { channel } = rig.connector;
    buyOne(rig);
    const requests = await atTheDoor(rig);
    const other = { ...rig.account, ...others[channel] };
    const orders = requests.filter((_, at) => at === 0);
    for (const request of orders) {
      if (!(channel in others)) continue;
      expect(await verified(rig, request, other)).toBe("forged");
      expect(await verified(rig, request)).toBe("verified");
    }
  });

  test("G: a secret that was rotated verifies with the one before, and no third one", async ({
    rig,
  }) => {
    const { clientSecret, ...secrets } = rig.account.secrets;
    if (!["shopify", "walmart"].includes(rig.connector.channel)) return;
    buyOne(rig);
    const [request] = await atTheDoor(rig);
    if (!request || clientSecret === undefined) throw new Error("no message, or no secret");
    const rotated = { ...secrets, clientSecret: "a-newer-secret" };
    const previousClientSecret = clientSecret;
    const both = { ...rig.account, secrets: { ...rotated, previousClientSecret } };
    expect(await verified(rig, request, both)).toBe("verified");
    expect(await verified(rig, request, { ...rig.account, secrets: rotated })).toBe("forged");
  });

  test("F: messages are asked for, twice without harm, and taken back", async ({ rig }) => {
    const { subscribe, unsubscribe } = rig.session;
    if (!subscribe || !unsubscribe) {
      return expect(rig.connector.channel, "its configuration does it").toBe("corner-shop");
    }
    const door = `http://door.test/webhooks/${rig.connector.channel}/${rig.account.connection}`;
    expect(await subscribe(door)).toEqual({ outcome: "subscribed" });
    rig.clock.advance(60_000);
    expect(await subscribe(door)).toEqual({ outcome: "subscribed" });
    buyOne(rig);
    expect(await rig.news()).not.toEqual([]);
    rig.clock.advance(60_000);
    expect(await unsubscribe(door)).toEqual({ outcome: "unsubscribed" });
    rig.clock.advance(60_000);
    expect(await unsubscribe(door), "again").toEqual({ outcome: "unsubscribed" });
  });

  test("F: a subscription that cannot be made says why", async ({ rig }) => {
    const door = `http://door.test/webhooks/${rig.connector.channel}/${rig.account.connection}`;
    for (const fault of ["outage", "revoked"] as const) {
      rig.sandbox.setFaults({ [fault]: true });
      const answer = await rig.session.subscribe?.(door);
      if (answer) expect(["unavailable", "unauthorized"]).toContain(answer.outcome);
      rig.sandbox.setFaults({ [fault]: false });
    }
  });

  test("G: no personal data is kept of an order, whoever tells of it", async ({ rig }) => {
    buyOne(rig);
    rig.clock.advance(SWEEPABLE_MS);
    const kept = JSON.stringify([await rig.news(), await sweepAll(rig.session, START - 1_000)]);
    expect(kept).toContain(JACKET.sku);
    expect(kept).not.toMatch(/Ada|Buyer|example\.com|555|Sample Street|20001|[Pp]ostal/);
  });

  test("G: a payload that is not ours is a defect, not an empty order", ({ rig }) => {
    const message = { externalId: "x", topic: "x", payload: { hello: "world" } };
    expect(() => rig.connector.translate(message)).toThrow();
  });
}
