import { afterAll, beforeAll, expect, test } from "vitest";
import { type NotifyDeps, notifyShop, notifySweep } from "../../jobs/handlers/notify-sweep.ts";
import type { NotifyWorld } from "../../jobs/notify.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { ensureConnection } from "../../prisma/connections.ts";
import { ensureItems } from "../../prisma/items.ts";
import { listTargets, saveTarget } from "../../prisma/notifications.ts";
import { keyring } from "../../prisma/sealed.ts";
import { shopSummary } from "../../prisma/shop-summary.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { Book, recordEvents } from "../prisma/book.ts";
import { startMailServer, startSlack } from "../support/inboxes.ts";
import { freshDatabase } from "../support/servers.ts";
import { silent } from "./outward/house.ts";

const ring = keyring(`k1:${Buffer.alloc(32, 7).toString("base64")}`);
const START = Date.UTC(2026, 10, 25, 9);

let server: Awaited<ReturnType<typeof freshDatabase>>;
let slack: Awaited<ReturnType<typeof startSlack>>;
let mail: Awaited<ReturnType<typeof startMailServer>>;
let db: Database;

beforeAll(async () => {
  [server, slack, mail] = await Promise.all([freshDatabase(), startSlack(), startMailServer()]);
  db = openDatabase(server.url);
});

afterAll(async () => {
  await db.$disconnect();
  await Promise.all([server.stop(), slack.stop(), mail.stop()]);
});

/** A shop whose team hears by Slack and by mail, and a clock of its own. */
async function team(domain: string, world: Partial<NotifyWorld> = {}) {
  const { id: shop } = await ensureShop(db, domain, "North Outfitters");
  await saveTarget(db, ring, shop, "slack", [slack.url]);
  await saveTarget(db, ring, shop, "email", ["ops@a.example", "boss@a.example"]);
  slack.texts.length = 0;
  mail.mails.length = 0;
  const clock = { now: START };
  const from = { url: mail.url, from: "ballast@a.example" };
  const deps: NotifyDeps = {
    ...{ db, ring, log: silent, now: () => clock.now, enqueue: async () => {} },
    ...{ notify: { mail: from, allowLoopback: true, ...world }, publicUrl: "https://b.example" },
  };
  return { shop, clock, deps, look: () => notifyShop(deps, { shop }) };
}

function bury(shop: string, error: string) {
  return db.deadLetter.create({ data: { shopId: shop, kind: "push", subject: "l1", error } });
}

test("E5: what needs a person is told once while it lasts, in one message to each target", async () => {
  const { shop, look } = await team("a.example");
  const items = await ensureItems(db, shop, [{ sku: "TEA", title: "Tea" }]);
  const tea = items.get("TEA")?.id ?? "";
  const book = new Book(40, shop);
  await recordEvents(db, [book.receive(tea, 2), book.sell(tea, "o1", 5)]);
  await bury(shop, "refused three times");
  const { id } = await ensureConnection(db, ring, shop, {
    ...{ channel: "amazon", name: "North on Amazon", account: "A1", settings: {}, secrets: {} },
  });
  const reconnectBy = new Date(START + 3 * 24 * 60 * 60_000);
  await db.connection.update({ where: { id }, data: { reconnectBy } });
  await look();
  await look();
  expect(slack.texts).toHaveLength(1);
  expect(slack.texts[0]).toContain("North Outfitters: 3 things need you");
  expect(slack.texts[0]).toContain("TEA is oversold by 3 units.");
  expect(slack.texts[0]).toContain("given up after three tries: refused three times");
  expect(slack.texts[0]).toContain("Your consent for North on Amazon ends on 28 Nov 2026.");
  expect(slack.texts[0]).toContain("https://b.example/app/dead-letters");
  expect(mail.mails.map(({ to }) => to)).toEqual([["ops@a.example", "boss@a.example"]]);
});

test("E5: a problem that is over and comes back is told again", async () => {
  const { shop, look } = await team("b.example");
  const letter = await bury(shop, "first");
  await look();
  await db.deadLetter.update({ where: { id: letter.id }, data: { state: "retried" } });
  await look();
  await db.deadLetter.update({ where: { id: letter.id }, data: { state: "open" } });
  await look();
  expect(slack.texts).toHaveLength(2);
});

test("H4, C3: counts of a machine that wait for a person are told, with how far they reach", async () => {
  const { shop, look } = await team("f.example");
  const counts = { shopId: shop, kind: "quantities", actor: "api:wms", title: "Counts from wms" };
  const radius = { changed: 40 };
  const batch = { ...counts, options: { snapshot: "sn_1" }, radius };
  const { id } = await db.batch.create({ data: { ...batch, state: "checked" } });
  await db.batch.create({
    data: { ...counts, state: "checked", title: "A person's file", radius },
  });
  await look();
  await look();
  expect(slack.texts).toHaveLength(1);
  expect(slack.texts[0]).toContain("1 thing needs you");
  expect(slack.texts[0]).toContain("Counts from wms wait for you: 40 items would change.");
  expect(slack.texts[0]).toContain("https://b.example/app/batches");
  expect(mail.mails[0]?.text).toContain("Counts from wms wait for you");
  const { waitingCounts } = await shopSummary(db, shop, new Date(START));
  expect(waitingCounts, "the overview says so as well").toBe(1);
  const error = "Something went wrong on our side.";
  await db.batch.update({ where: { id }, data: { state: "discarded" } });
  await db.batch.create({ data: { ...batch, state: "failed", error, title: "Counts of noon" } });
  await look();
  expect(slack.texts[1]).toContain("Counts of noon stopped: Something went wrong on our side.");
});

test("a message that does not arrive is tried again later, and the page can say why", async () => {
  const { shop, clock, look } = await team("c.example");
  await bury(shop, "one");
  slack.status = 500;
  await look();
  await look(); // too soon
  const failed = (await listTargets(db, shop)).find(({ kind }) => kind === "slack");
  expect(failed).toMatchObject({ tries: 1, error: "Slack answered 500: ok" });
  expect(mail.mails, "the other target does not wait").toHaveLength(1);
  slack.status = 200;
  clock.now += 31_000;
  await look();
  expect(slack.texts).toHaveLength(1);
  const kept = (await listTargets(db, shop)).find(({ kind }) => kind === "slack");
  expect(kept).toMatchObject({ tries: 0, error: null, lastSentAt: new Date(clock.now) });
});

test("a webhook on a private address is refused, and mail without a server says so", async () => {
  const { shop, look } = await team("d.example", { mail: null, allowLoopback: false });
  await bury(shop, "one");
  await look();
  const errors = (await listTargets(db, shop)).map(({ kind, error }) => [kind, error]);
  expect(Object.fromEntries(errors)).toEqual({
    email: "No mail server is configured.",
    slack: expect.stringMatching(/https|not a public address/),
  });
  expect(slack.texts).toEqual([]);
});

test("only shops whose team wants to hear are looked at, each by its own job", async () => {
  const { shop, deps } = await team("e.example");
  const { id: quiet } = await ensureShop(db, "quiet.example", "Quiet");
  const asked: unknown[] = [];
  await notifySweep({ ...deps, enqueue: async (_name, payload) => void asked.push(payload) });
  expect(asked).toContainEqual({ shop });
  expect(asked).not.toContainEqual({ shop: quiet });
  const sealed = await db.notifyTarget.findMany({ where: { shopId: shop } });
  expect(JSON.stringify(sealed)).not.toContain("ops@a.example");
});
