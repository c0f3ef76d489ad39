import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import { setTimeout as sleep } from "node:timers/promises";
import type { BatchKind, BatchState } from "../../../inventory/batch.ts";
import { type BatchRow, findBatch } from "../../../prisma/batches.ts";
import type { Database } from "../../../prisma/client.ts";

/** Heard again and again while a batch is under way. */
export type Watch = (batch: BatchRow) => void;

const UNDER_WAY: readonly BatchState[] = ["checking", "applying"];
const LOOK_MS = 250;

/** A merchant with a browser: what the pages and the files' doors are asked, over HTTP. */
export class Merchant {
  readonly #db: Database;
  readonly #shop: string;
  readonly #url: string;

  constructor(db: Database, shop: string, url: string) {
    this.#db = db;
    this.#shop = shop;
    this.#url = url;
  }

  /** Sends a file that is made while it is sent. */
  async upload(kind: BatchKind, lines: Iterable<string>): Promise<string> {
    const body = Readable.toWeb(Readable.from(pieces(lines))) as ReadableStream;
    const address = `${this.#url}/app/import/upload?kind=${kind}&name=${kind}.csv`;
    const headers = { "content-type": "text/csv" };
    const answer = await fetch(address, { method: "POST", body, duplex: "half", headers });
    const said = await answer.text();
    if (answer.status !== 201) throw new Error(`the upload was answered ${answer.status}: ${said}`);
    return String(JSON.parse(said).batch);
  }

  /** Reads the file by these columns, and waits until every line is checked. */
  async check(id: string, columns: Record<string, number>, watch: Watch): Promise<BatchRow> {
    const mapping = Object.entries(columns).map(([key, at]) => [`column.${key}`, String(at)]);
    await this.#ask(id, { intent: "check", ...Object.fromEntries(mapping) });
    return this.#until(id, "checked", watch);
  }

  /** Applies what was checked, having looked at how far it reaches. */
  async apply({ id, radius }: BatchRow, watch: Watch): Promise<BatchRow> {
    await this.#ask(id, { intent: "apply", confirm: radius?.digest ?? "" });
    return this.#until(id, "done", watch);
  }

  /** Begins to take a batch back, and waits until what that takes is found. */
  async undo(id: string, watch: Watch): Promise<BatchRow> {
    await this.#ask(id, { intent: "undo" });
    const { undoneBy } = await this.#find(id);
    if (undoneBy === null) throw new Error(`batch ${id} is not being taken back`);
    return this.#until(undoneBy, "checked", watch);
  }

  /** Takes a file home, of which only its lines are counted. */
  async download(path: string): Promise<number> {
    const answer = await fetch(`${this.#url}${path}`);
    if (!answer.ok || !answer.body) throw new Error(`${path} was answered ${answer.status}`);
    let lines = 0;
    for await (const piece of Readable.fromWeb(answer.body as WebStream)) {
      for (const byte of piece as Buffer) if (byte === LINE_END) lines += 1;
    }
    return lines;
  }

  /** Sends the form of a batch's page. */
  async #ask(id: string, form: Record<string, string>): Promise<void> {
    const [method, body] = ["POST", new URLSearchParams(form)];
    const answer = await fetch(`${this.#url}/app/batches/${id}`, { method, body });
    const page = await answer.text();
    if (!answer.ok) throw new Error(`batch ${id} was answered ${answer.status}: ${page}`);
  }

  /** Looks at the batch's page until it is so far. */
  async #until(id: string, wanted: BatchState, watch: Watch): Promise<BatchRow> {
    for (;;) {
      const page = await fetch(`${this.#url}/app/batches/${id}`);
      await page.arrayBuffer();
      if (!page.ok) throw new Error(`batch ${id} was answered ${page.status}`);
      const batch = await this.#find(id);
      watch(batch);
      if (batch.state === wanted) return batch;
      if (!UNDER_WAY.includes(batch.state)) {
        throw new Error(`the batch is ${batch.state}: ${batch.error ?? "no reason"}`);
      }
      await sleep(LOOK_MS);
    }
  }

  async #find(id: string): Promise<BatchRow> {
    const batch = await findBatch(this.#db, this.#shop, id);
    if (!batch) throw new Error(`there is no batch ${id}`);
    return batch;
  }
}

const LINE_END = 10;
const PIECE = 32_768;

function* pieces(lines: Iterable<string>): Generator<Buffer> {
  let text = "";
  for (const line of lines) {
    text += line;
    if (text.length < PIECE) continue;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}
