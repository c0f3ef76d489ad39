import { isUtf8 } from "node:buffer";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** The file as a whole cannot be read. Its message says what to do about it. */
export class UnreadableFile extends Error {
  override name = "UnreadableFile";
}

/** What comes out of a file, as text, and how far reading has come. */
export interface Source {
  text: AsyncIterable<string>;
  /** Bytes of the file on disk, and how many of them were read. */
  size: number;
  bytesRead(): number;
  /** Pieces that were not UTF-8 and were read as Windows-1252, which is what Excel writes. */
  notUtf8(): number;
}

/** First bytes of files that are something else, and what to do with those. */
const SIGNATURES: readonly [bytes: readonly number[], advice: string][] = [
  [[0x50, 0x4b, 0x03, 0x04], "is an Excel or zip file: save it as CSV (UTF-8)"],
  [[0xd0, 0xcf, 0x11, 0xe0], "is an old Excel file: save it as CSV (UTF-8)"],
  [[0xff, 0xfe], "is UTF-16 text: save it as CSV (UTF-8)"],
  [[0xfe, 0xff], "is UTF-16 text: save it as CSV (UTF-8)"],
];
const GZIP = [0x1f, 0x8b];

/**
 * Opens a CSV or CSV.gz; which of them it is, its first bytes say. Streams: memory does not depend
 * on the size of the file.
 * @throws UnreadableFile here, or while `text` is read (a truncated or damaged gzip).
 */
export async function openSource(path: string): Promise<Source> {
  const { head, size } = await look(path);
  refuseOther(head, path);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  return { ...readText(file, head, path), size, bytesRead: () => file.bytesRead };
}

/**
 * The text of a CSV or CSV.gz that comes as a stream, for instance from a browser.
 * @param name what messages call it.
 * @throws UnreadableFile here, or while `text` is read.
 */
export async function streamSource(
  bytes: Readable,
  name: string,
  most = UNPACKED_MAX,
): Promise<Pick<Source, "text" | "notUtf8">> {
  const head = await firstBytes(bytes);
  refuseOther(head, name);
  return readText(bytes, head, name, most);
}

/** A megabyte of gzip can be a gigabyte of text, and somebody has to keep it. */
const UNPACKED_MAX = 2 * 1024 ** 3;

async function* atMost(bytes: AsyncIterable<Buffer>, name: string, most: number) {
  let seen = 0;
  for await (const piece of bytes) {
    seen += piece.length;
    if (seen > most) {
      const megabytes = Math.round(most / 1024 ** 2);
      throw new UnreadableFile(`${name} is larger than ${megabytes} MB unpacked: divide it`);
    }
    yield piece;
  }
}

function refuseOther(head: Buffer, name: string): void {
  for (const [bytes, advice] of SIGNATURES) {
    if (startsWith(head, bytes)) throw new UnreadableFile(`${name} ${advice}`);
  }
}

function readText(
  file: Readable,
  head: Buffer,
  name: string,
  most = Number.POSITIVE_INFINITY,
): Pick<Source, "text" | "notUtf8"> {
  // An error of either stream ends the other and reaches the reader of the last one.
  const bytes = startsWith(head, GZIP) ? pipeline(file, createGunzip(), () => {}) : file;
  let foreign = 0;
  return {
    text: Readable.from(decode(atMost(readable(bytes, name), name, most), () => foreign++)),
    notUtf8: () => foreign,
  };
}

/** Looks at the first piece of a stream and puts it back. */
async function firstBytes(bytes: Readable): Promise<Buffer> {
  for (;;) {
    const piece: Buffer | null = bytes.read();
    if (piece) {
      bytes.unshift(piece);
      return piece.subarray(0, 4);
    }
    if (bytes.readableEnded || bytes.destroyed) return Buffer.alloc(0);
    await Promise.race([once(bytes, "readable"), once(bytes, "end"), once(bytes, "close")]);
  }
}

async function look(path: string): Promise<{ head: Buffer; size: number }> {
  try {
    await using handle = await open(path);
    const stat = await handle.stat();
    if (!stat.isFile()) throw new UnreadableFile(`${path} is not a file`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return { head: buffer.subarray(0, bytesRead), size: stat.size };
  } catch (error) {
    throw explained(error, path);
  }
}

function startsWith(head: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

async function* readable(bytes: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    throw explained(error, path);
  }
}

function explained(error: unknown, path: string): unknown {
  if (error instanceof UnreadableFile) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const advice: Record<string, string> = {
    ENOENT: "does not exist",
    EACCES: "may not be read: check its permissions",
    EISDIR: "is a folder, not a file",
    Z_BUF_ERROR: "ends in the middle: copy or download it again",
    Z_DATA_ERROR: "is damaged: copy or download it again",
  };
  return advice[code] ? new UnreadableFile(`${path} ${advice[code]}`) : error;
}

/** No text goes on for so long without an ASCII byte: what does is no text, and is not kept. */
const LONGEST_PIECE = 1024 * 1024;

/** Bytes to text, cut only behind an ASCII byte: that never splits a character. */
async function* decode(bytes: AsyncIterable<Buffer>, foreign: () => void): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const last = all.findLastIndex((byte) => byte < 0x80);
    const end = all.length > LONGEST_PIECE ? all.length : last + 1;
    rest = all.subarray(end);
    yield textOf(all.subarray(0, end), foreign);
  }
  yield textOf(rest, foreign);
}

function textOf(bytes: Buffer, foreign: () => void): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const windows = new TextDecoder("windows-1252");
  let text = "";
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from);
    const line = bytes.subarray(from, newline < 0 ? bytes.length : newline + 1);
    if (!isUtf8(line)) foreign();
    text += isUtf8(line) ? line.toString("utf8") : windows.decode(line);
    from += line.length;
  }
  return text;
}
