import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLedger, type LedgerClient } from "../../ledger/client.ts";
import { allStock, checkLedger } from "../../ledger/inspect.ts";
import { JUMP, verifyPartitions } from "../../ledger/recovery.ts";
import { history } from "../../ledger/stream.ts";
import { freePort } from "../../scripts/services/paths.ts";
import { startRedis } from "../../scripts/services/redis.ts";
import type { Server } from "../../scripts/services/server.ts";
import { MemoryRecord } from "./memory-record.ts";
import { fresh, itemOn, numbers, until } from "./open-ledger.ts";

let folder: string;
let port: number;
let redis: Server;
let ledger: LedgerClient;
let record: MemoryRecord;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ballast-recovery-"));
  port = await freePort();
  redis = await startRedis({ folder, port, fsync: "always" });
  ledger = createLedger({ url: redis.url, partitions: 2 });
  record = new MemoryRecord();
  await ledger.whenConnected();
  await verifyPartitions(ledger, record);
});
afterEach(async () => {
  await ledger.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Kills Redis as a power cut would, does something to its files, and starts it again. */
async function crash(meanwhile: () => void = () => {}): Promise<void> {
  const before = ledger.connection.peer?.epoch;
  process.kill(redis.pid ?? 0, "SIGKILL");
  await redis.stop();
  meanwhile();
  redis = await startRedis({ folder, port, fsync: "always" });
  await until(async () => (await ledger.connection.whenKnown()).epoch !== before);
}

/** What the persister does: records what is in the streams, up to a number. */
async function persist(upTo = Number.POSITIVE_INFINITY): Promise<void> {
  for (const partition of ledger.keys.all()) {
    for await (const entry of history(ledger, partition))
      if (entry.seq <= upTo) record.record(entry);
  }
}

/** The append-only file that is being written. */
function journal(): string {
  const name = readdirSync(join(folder, "appendonlydir")).find((file) =>
    file.endsWith(".incr.aof"),
  );
  return join(folder, "appendonlydir", name ?? "missing");
}

const hold = (id: string, quantity: number) =>
  ({ type: "hold", hold: id, quantity, ttlMs: 600_000, channel: "shopify" }) as const;
const receive = { type: "receive", location: "main", quantity: 10 } as const;
const sell = (order: string, quantity: number) =>
  ({ type: "sell", order, connection: "c1", quantity, channel: "shopify" }) as const;

async function everything() {
  const all = new Map<string, unknown>();
  for await (const { shop, item, stock } of allStock(ledger)) all.set(`${shop}/${item}`, stock);
  return all;
}

describe("D5: losing Redis", () => {
  test("away: everything is refused at once, and nothing is guessed", async () => {
    const item = itemOn(ledger);
    await item.do(receive);
    process.kill(redis.pid ?? 0, "SIGKILL");
    await until(() => ledger.connection.peer === undefined);
    const away = { outcome: "unavailable", why: "away" };
    expect(await item.ask(hold("h", 1))).toEqual(away);
    expect(await ledger.stock(item.shop, item.item)).toEqual(away);
    expect(await ledger.expireDue()).toEqual(away);
    expect(await ledger.health()).toMatchObject({ connected: false });
  });

  test("restarted: refused until verified, then as before, with a visible jump", async () => {
    const item = itemOn(ledger);
    await item.do(receive);
    await item.do(hold("h", 4));
    const before = await everything();
    await crash();
    expect(await item.ask(hold("i", 1))).toEqual({ outcome: "unavailable", why: "unverified" });
    expect((await ledger.health()).partitions.every(({ verified }) => !verified)).toBe(true);
    const { partitions } = (await verifyPartitions(ledger, record)) as { partitions: unknown[] };
    expect(partitions).toMatchObject([{ outcome: "kept" }, { outcome: "kept" }]);
    expect(await everything()).toEqual(before);
    const { seq } = await item.do({ type: "release", hold: "h" });
    expect(seq).toBe(2 + JUMP + 1);
    expect((await numbers(ledger))[ledger.keys.of(item.shop, item.item)]).toEqual([
      1,
      2,
      2 + JUMP,
      seq,
    ]);
  });

  test("what Redis kept and the record lacks is still there for the persister", async () => {
    const item = itemOn(ledger);
    await item.do(receive);
    await persist();
    await item.do(hold("h", 4));
    await crash();
    await verifyPartitions(ledger, record);
    await persist();
    const events = record.events.get(ledger.keys.of(item.shop, item.item));
    expect(events?.map(({ type }) => type)).toEqual(["receive", "hold"]);
  });

  test("a lost tail is reloaded: balances, holds, lines, activities; the rest is left alone", async () => {
    const [lost, kept] = [itemOn(ledger), itemOn(ledger)];
    await lost.do(receive);
    await kept.do(receive);
    await lost.do(hold("gone", 1));
    const size = statSync(journal()).size;
    await lost.do({ type: "release", hold: "gone" });
    await lost.do(hold("live", 3));
    await lost.do(sell("o1", 2));
    await lost.do({ type: "ship", order: "o1", connection: "c1", quantity: 1, location: "main" });
    await lost.do({ type: "allocate", channel: "amazon", quantity: 3 });
    const counted = { type: "adjust", bucket: "damaged", location: "main", delta: 1 } as const;
    await lost.do({ ...counted, activity: "counted" });
    await persist();
    const before = await everything();
    await crash(() => truncateSync(journal(), size));
    expect((await everything()).get(`${lost.shop}/${lost.item}`)).toMatchObject({ held: 1 });
    const done = await verifyPartitions(ledger, record);
    expect(done).toMatchObject({ outcome: "verified" });
    expect(await everything()).toEqual(before);
    // Nothing that was done before the crash can be done again.
    expect(await lost.ask({ ...counted, activity: "counted" })).toMatchObject({ repeated: true });
    expect(await lost.ask(sell("o1", 2))).toMatchObject({ repeated: true });
    expect(await lost.ask(hold("gone", 1))).toMatchObject({ repeated: true });
    const over = { outcome: "hold-over", state: "released" };
    expect(await lost.ask({ type: "extend", hold: "gone", ttlMs: 1_000 })).toEqual(over);
    expect(await everything()).toEqual(before);
    expect(await lost.ask({ type: "extend", hold: "live", ttlMs: 1_000 })).toMatchObject({
      outcome: "applied",
    });
    expect(await kept.do(hold("other", 10))).toBeDefined();
  });

  test("emptied: everything is rebuilt from the record, and holds go on", async () => {
    const items = Array.from({ length: 10 }, () => itemOn(ledger));
    for (const item of items) {
      await item.do(receive);
      await item.do(hold(`h-${item.item}`, 2));
      await item.do(sell("o1", 3));
      await item.do(hold(`over-${item.item}`, 1));
      await item.do({ type: "release", hold: `over-${item.item}` });
    }
    await persist();
    const before = await everything();
    await ledger.connection.redis.flushall();
    expect(await items[0]?.ask(hold("x", 1))).toEqual({
      outcome: "unavailable",
      why: "unverified",
    });
    await verifyPartitions(ledger, record);
    expect(await everything()).toEqual(before);
    for (const item of items) {
      await item.do({ type: "commit", hold: `h-${item.item}`, order: "o2", connection: "c1" });
      expect(await item.ask(hold(`over-${item.item}`, 1))).toMatchObject({ repeated: true });
      expect(await item.stock()).toMatchObject({ committed: 5, held: 0 });
    }
  });

  test("a movement Redis forgot is not recorded by a persister that read it before", async () => {
    const item = itemOn(ledger);
    const partition = ledger.keys.of(item.shop, item.item);
    await item.do(receive);
    await persist();
    const size = statSync(journal()).size;
    await item.do(sell("o1", 2));
    const straggler = [];
    for await (const entry of history(ledger, partition)) straggler.push(entry);
    await crash(() => truncateSync(journal(), size));
    await verifyPartitions(ledger, record);
    for (const entry of straggler) record.record(entry);
    await item.do(sell("o1", 2));
    await persist();
    expect(record.events.get(partition)?.map(({ type }) => type)).toEqual(["receive", "sell"]);
    expect(await item.stock()).toMatchObject({ committed: 2 });
  });

  test("two workers verifying at once end in one verified ledger; a third time changes nothing", async () => {
    const item = itemOn(ledger);
    await item.do(receive);
    await persist();
    await ledger.connection.redis.flushall();
    const other = createLedger({ url: redis.url, partitions: 2 });
    await other.whenConnected();
    await Promise.all([verifyPartitions(ledger, record), verifyPartitions(other, record)]);
    await until(async () => (await verifyPartitions(other, record)).outcome === "verified");
    await other.close();
    expect(await item.stock()).toMatchObject({ physical: { sellable: { main: 10 } } });
    const seqs = await numbers(ledger);
    expect(await verifyPartitions(ledger, record)).toMatchObject({ outcome: "verified" });
    expect(await numbers(ledger)).toEqual(seqs);
  });

  test("a script that was flushed is given again; nobody notices", async () => {
    const item = itemOn(ledger);
    await item.do(receive);
    await ledger.connection.redis.script("FLUSH");
    expect(await item.do(hold("h", 1))).toBeDefined();
  });

  test("killed under load: what was answered is there, all adds up, and it serves again", async () => {
    const item = itemOn(ledger);
    await item.do({ ...receive, quantity: 100_000 });
    const answered = new Set<string>();
    let stop = false;
    const callers = Array.from({ length: 32 }, async () => {
      while (!stop) {
        const id = fresh("load");
        const answer = await item.ask(hold(id, 1));
        if (answer.outcome === "applied") answered.add(id);
        else await new Promise((done) => setTimeout(done, 5));
      }
    });
    await until(() => answered.size > 2_000);
    await crash(() => appendFileSync(journal(), "*3\r\n$3\r\nSET\r\n$4\r\ntorn"));
    await persist();
    await verifyPartitions(ledger, record);
    const resumed = answered.size;
    await until(() => answered.size > resumed + 500);
    stop = true;
    await Promise.all(callers);
    const events = await item.events();
    const held = new Set(events.flatMap(({ hold }) => (hold ? [hold.id] : [])));
    expect([...answered].filter((id) => !held.has(id))).toEqual([]);
    expect(await item.stock()).toMatchObject({ held: held.size });
    expect(await checkLedger(ledger)).toEqual([]);
  });
});
