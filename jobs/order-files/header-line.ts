import { UnreadableFile } from "./source.ts";

const LONGEST_HEADER = 64 * 1024;

/**
 * Reads on until the first line with something in it has ended: what was read, and that line.
 * @throws UnreadableFile when there is none.
 */
export async function headerLine(text: AsyncIterator<string>, path: string) {
  let start = "";
  for (let header: string | undefined; start.length < LONGEST_HEADER; ) {
    const { done, value } = await text.next();
    if (!done) start += value;
    header = start.split(/\r?\n|\r/).find((line) => line.trim() !== "");
    if (header !== undefined && (done || /[\r\n]/.test(start.trimStart()))) {
      return { start, header };
    }
    if (done) throw new UnreadableFile(`${path} is empty: there is no line in it`);
  }
  throw new UnreadableFile(`${path} is no CSV: its first line does not end`);
}

/** The text as if nothing had been read of it yet. */
export async function* rejoin(start: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield start;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.(); // who stops reading closes the file
  }
}
