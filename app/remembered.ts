/**
 * Answers worth keeping for a moment, newest `limit` of them. Only what was found is kept: a thing
 * that is made right after someone asked for it is seen at once. Callers who ask for the same key
 * at the same time share one look-up.
 */
export class Remembered<Value> {
  readonly #kept = new Map<string, { value: Value; until: number }>();
  readonly #asked = new Map<string, Promise<Value | null>>();
  readonly #options: { limit: number; forMs: number; now: () => number };

  constructor(options: { limit: number; forMs: number; now: () => number }) {
    this.#options = options;
  }

  async get(key: string, find: () => Promise<Value | null>): Promise<Value | null> {
    return this.known(key) ?? this.#asked.get(key) ?? this.#ask(key, find);
  }

  /** What is remembered at this moment; for paths so hot that a promise each is felt. */
  known(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    return kept && kept.until > this.#options.now() ? kept.value : undefined;
  }

  #ask(key: string, find: () => Promise<Value | null>): Promise<Value | null> {
    const asked = find()
      .then((value) => {
        if (value !== null) this.#keep(key, value);
        return value;
      })
      .finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked;
  }

  #keep(key: string, value: Value): void {
    this.#kept.delete(key);
    this.#kept.set(key, { value, until: this.#options.now() + this.#options.forMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#options.limit && oldest !== undefined) this.#kept.delete(oldest);
  }
}
