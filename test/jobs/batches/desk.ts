import { Readable } from "node:stream";
import type { BatchKind } from "../../../inventory/batch.ts";
import type { ChosenOptions } from "../../../jobs/batches/chosen.ts";
import { batchRun } from "../../../jobs/handlers/batch-run.ts";
import { FORMATS } from "../../../jobs/imports/formats.ts";
import { guessMapping } from "../../../jobs/imports/mapping.ts";
import { storeUpload } from "../../../jobs/imports/upload.ts";
import { type ListedRow, listRows } from "../../../prisma/batch-rows.ts";
import { type BatchRow, findBatch, openBatch, turnBatch } from "../../../prisma/batches.ts";
import type { World } from "../../app/world.ts";

/** What a merchant does with files, without the pages. */
export class Desk {
  readonly world: World;
  /** Jobs that batches asked for. */
  readonly asked: { name: string; payload: object }[] = [];

  constructor(world: World) {
    this.world = world;
  }

  get #db() {
    return this.world.services.db;
  }

  /** Uploads a file, maps its columns as they are guessed, and checks it. */
  async check(kind: BatchKind, text: string | readonly string[] | Readable): Promise<BatchRow> {
    const bytes =
      text instanceof Readable
        ? text
        : Readable.from([Buffer.from(typeof text === "string" ? text : text.join("\n"))]);
    const { id: shop } = this.world.shop;
    const title = `${kind}.csv`;
    const batch = { kind, title, actor: "person:Ada", state: "mapping" } as const;
    const id = await openBatch(this.#db, shop, batch);
    const file = await storeUpload(this.#db, shop, id, bytes, title);
    if (file.outcome === "unreadable") throw new Error(file.why);
    const mapping = guessMapping(FORMATS[kind], file.header);
    await turnBatch(this.#db, { id, shop, state: "mapping" }, "checking", {
      options: { ...file, mapping },
      total: file.rows,
    });
    return this.run(id);
  }

  /** Checks what is to become of items that somebody chose from the list. */
  async checkChosen(kind: BatchKind, options: ChosenOptions): Promise<BatchRow> {
    const { id: shop } = this.world.shop;
    const batch = { kind, title: "Chosen items", actor: "person:Ada", state: "checking" } as const;
    return this.run(await openBatch(this.#db, shop, { ...batch, options }));
  }

  /** Applies a checked batch; with what was confirmed, when it has to be. */
  async apply(batch: BatchRow, confirmed?: string): Promise<BatchRow> {
    const fields = confirmed === undefined ? {} : { confirmed };
    const turned = await turnBatch(this.#db, batch, "applying", fields);
    if (!turned) throw new Error(`batch ${batch.id} is not ${batch.state} any more`);
    return this.run(batch.id);
  }

  /** Makes the batch that takes another one back, and checks it. */
  async takeBack(batch: BatchRow): Promise<BatchRow> {
    const { id } = await this.#db.batch.create({
      data: {
        ...{ shopId: this.world.shop.id, kind: batch.kind, title: `Undo of ${batch.title}` },
        ...{ actor: "person:Ada", state: "checking", undoes: BigInt(batch.id) },
      },
    });
    return this.run(String(id));
  }

  /** Does the worker's part, until nothing is to be done. */
  async run(id: string, signal = new AbortController().signal): Promise<BatchRow> {
    const { db, ledger, log } = this.world.services;
    const deps = { db, ledger, log, signal, live: { publish: () => {} } };
    const enqueue = async (name: string, payload: object) => {
      this.asked.push({ name, payload });
    };
    const runLater = () => {
      throw new Error("nothing is away");
    };
    await batchRun({ ...deps, enqueue, runLater }, { batch: id });
    return this.find(id);
  }

  async find(id: string): Promise<BatchRow> {
    const batch = await findBatch(this.#db, this.world.shop.id, id);
    if (!batch) throw new Error(`there is no batch ${id}`);
    return batch;
  }

  /** Problems by line, as a person reads them. */
  async problems({ id }: BatchRow): Promise<string[]> {
    const page = { only: "problems", after: -1, limit: 1_000 } as const;
    const rows = await listRows(this.#db, this.world.shop.id, id, page);
    return rows.map(problemText);
  }
}

function problemText({ line, problems }: ListedRow): string {
  const texts = problems?.map(({ column, why, fix }) => `${column} ${why}: ${fix}`);
  return `${line}: ${texts?.join("; ")}`;
}
