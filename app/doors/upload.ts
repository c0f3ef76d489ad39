import { Transform } from "node:stream";
import type { Response as Answer, Request as Asked, Express } from "express";
import { FORMATS } from "../../jobs/imports/formats.ts";
import { guessMapping } from "../../jobs/imports/mapping.ts";
import { storeUpload } from "../../jobs/imports/upload.ts";
import { findBatch, openBatch, turnBatch } from "../../prisma/batches.ts";
import { requireMerchant } from "../access/merchant.server.ts";
import { actorOf } from "../access/person.ts";
import { refuse, requestOf } from "../files/downloads.ts";
import { asBatchKind, mayImport } from "../files/import-kind.ts";
import type { Gate } from "../gate.ts";
import type { Services } from "../services.ts";

/** More than any shop's stock in words; a guard against a mistaken file, not against a large one. */
const BYTES_MAX = 1024 * 1024 * 1024;
const LONGEST_NAME = 200;

/**
 * Takes a merchant's file: POST /app/import/upload?kind=quantities&name=stock.csv, its body the file
 * itself. It goes into the record as it comes, in constant memory; nothing else is done with it
 * before a person has said which column is which. Not a route of Remix, which would hold it whole.
 */
export function uploadDoor(app: Express, services: Services, gate: Gate): void {
  app.post("/app/import/upload", (asked, answer, next) => {
    receive(asked, answer, services, gate).catch(next);
  });
}

async function receive(
  asked: Asked,
  answer: Answer,
  services: Services,
  gate: Gate,
): Promise<unknown> {
  const request = requestOf(asked);
  try {
    const merchant = await requireMerchant(
      request,
      { services, gate, from: asked.ip ?? "" },
      "data.import",
    );
    const kind = asBatchKind(asked.query.kind);
    if (!kind || !mayImport(merchant.person.can, kind))
      return answer.status(404).json({ why: "There is no import of this kind for you." });
    const { db } = services;
    const name = String(asked.query.name || `${kind}.csv`).slice(0, LONGEST_NAME);
    const file = { kind, title: name, actor: actorOf(merchant), state: "uploading" } as const;
    const id = await openBatch(db, merchant.id, file);
    const batch = await findBatch(db, merchant.id, id);
    if (!batch) throw new Error("a batch that was just begun is there");
    const stored = await storeUpload(db, merchant.id, id, limited(asked), name);
    if (stored.outcome === "unreadable") {
      await turnBatch(db, batch, "discarded", { error: stored.why });
      return answer.status(422).json({ why: `${stored.why}.` });
    }
    const { outcome: _, ...options } = stored;
    const mapping = guessMapping(FORMATS[kind], stored.header);
    const known = { options: { ...options, mapping }, total: stored.rows };
    await turnBatch(db, batch, "mapping", known);
    return answer.status(201).json({ batch: id });
  } catch (error) {
    if (error instanceof Response) return refuse(answer, error);
    // Whoever closes the window in the middle of it wanted no upload.
    if (asked.destroyed && !asked.complete) return undefined;
    if (error instanceof TooLarge) return answer.status(413).json({ why: error.message });
    throw error;
  }
}

class TooLarge extends Error {
  override name = "TooLarge";
}

/** The body, unless it goes on for too long. */
function limited(asked: Asked): Transform {
  let bytes = 0;
  const gate = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= BYTES_MAX) return done(null, chunk);
      done(new TooLarge("The file is larger than 1 GB: divide it, or compress it with gzip."));
    },
  });
  asked.on("error", (error) => gate.destroy(error));
  asked.on("aborted", () => gate.destroy(new Error("the upload was broken off")));
  return asked.pipe(gate);
}
