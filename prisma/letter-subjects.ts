import type { Queryable } from "./client.ts";
import type { DeadLetterRow } from "./dead-letters.ts";

/** What a dead letter is about, for a person who has to decide. */
export interface LetterSubject {
  /** Where it came from or was to go: the connection's name. */
  connection: string;
  /** A message's topic, or a listing's SKU. */
  name: string;
  /** The message as it was stored, or the listing's numbers. Neither holds personal data. */
  content: unknown;
}

/** The subjects of some dead letters, by the letter's id. One that is gone is absent. */
export async function letterSubjects(
  db: Queryable,
  shop: string,
  letters: readonly DeadLetterRow[],
): Promise<Map<string, LetterSubject>> {
  const idsOf = (kind: DeadLetterRow["kind"]) =>
    letters.filter((letter) => letter.kind === kind).map((letter) => letter.subject);
  const [messages, listings, connections] = await Promise.all([
    db.inboxMessage.findMany({
      where: { shopId: shop, id: { in: idsOf("message").map(BigInt) } },
      select: { id: true, connectionId: true, topic: true, externalId: true, payload: true },
    }),
    db.listing.findMany({
      where: { shopId: shop, id: { in: idsOf("push") } },
      select: {
        id: true,
        connectionId: true,
        sku: true,
        planned: true,
        accepted: true,
        shown: true,
      },
    }),
    db.connection.findMany({ where: { shopId: shop }, select: { id: true, name: true } }),
  ]);
  const names = new Map(connections.map(({ id, name }) => [id, name]));
  const subjects = new Map<string, LetterSubject>();
  for (const { id, connectionId, topic, externalId, payload } of messages) {
    const connection = names.get(connectionId) ?? "";
    const content = { id: externalId, payload };
    subjects.set(`message/${id}`, { connection, name: topic, content });
  }
  for (const { id, connectionId, sku, planned, accepted, shown } of listings) {
    const connection = names.get(connectionId) ?? "";
    subjects.set(`push/${id}`, { connection, name: sku, content: { planned, accepted, shown } });
  }
  for (const { id, type, url, answer } of await deliveries(db, shop, idsOf("webhook"))) {
    subjects.set(`webhook/${id}`, { connection: url, name: type, content: { answer } });
  }
  return new Map(
    letters.flatMap((letter) => {
      const subject = subjects.get(`${letter.kind}/${letter.subject}`);
      return subject ? [[letter.id, subject] as const] : [];
    }),
  );
}

/** Events that an address of the merchant's own did not take. */
async function deliveries(db: Queryable, shop: string, ids: readonly string[]) {
  const rows = await db.webhookDelivery.findMany({
    where: { shopId: shop, id: { in: ids.map(BigInt) } },
    select: { id: true, type: true, answer: true, endpoint: { select: { url: true } } },
  });
  return rows.map(({ endpoint, ...row }) => ({ ...row, url: endpoint.url }));
}
