/** Where progress is written; standard error by default, so that results can be piped. */
export type Screen = Pick<NodeJS.WriteStream, "write"> & { isTTY?: boolean };

/** A file or a pipe gets a line this often; a terminal, one line that changes. */
const EVERY_MS = { terminal: 100, pipe: 2_000 };

/** A progress line. `show` is cheap: most calls write nothing. */
export interface Progress {
  show(text: () => string): void;
  /** Writes a last state, and leaves it there. */
  end(text?: string): void;
}

export function openProgress(screen: Screen = process.stderr, now = Date.now): Progress {
  const every = screen.isTTY ? EVERY_MS.terminal : EVERY_MS.pipe;
  let shownAt = Number.NEGATIVE_INFINITY;
  const write = (text: string, lasting: boolean) => {
    if (!screen.isTTY) return screen.write(`${text}\n`);
    return screen.write(`\r\u001b[K${text}${lasting ? "\n" : ""}`);
  };
  return {
    show(text) {
      if (now() - shownAt < every) return;
      shownAt = now();
      write(text(), false);
    },
    end(text) {
      if (text !== undefined) write(text, true);
      else if (screen.isTTY) screen.write("\r\u001b[K");
      shownAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** 1234567 as "1,234,567". */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}
