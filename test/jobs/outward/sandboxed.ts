import type { Bench } from "../../connectors/harness.ts";
import { Marketplace } from "./marketplace.ts";

/** One of our own connectors, and its sandbox behind it. */
export class Sandboxed extends Marketplace {
  override readonly connector: Bench["connector"];
  readonly #bench: Bench;

  constructor(bench: Bench) {
    super(bench.connector.channel);
    this.connector = bench.connector;
    this.#bench = bench;
  }

  override session(): Bench["session"] {
    return this.#bench.session;
  }
}
