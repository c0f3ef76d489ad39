import type {
  CallFailure,
  Connector,
  ListingRecord,
  PushLine,
  PushResult,
  Session,
} from "../../../connectors/connector.ts";
import { NO_CONSENT } from "../../support/no-consent.ts";

const RATE = { perSecond: 1_000, burst: 1_000 };

/** A marketplace as small as the contract allows: numbers, a script of answers, and a diary. */
export class Marketplace {
  readonly channel: string;
  readonly connector: Connector;
  /** What it has. A test reads and writes it as shoppers and other systems would. */
  readonly numbers = new Map<string, number>();
  /** What shoppers see, where it lags behind; by default what it has. */
  readonly visible = new Map<string, number>();
  /** Answers given instead of doing the work, one per line, first to last. */
  readonly answers: ((line: PushLine) => PushResult | undefined)[] = [];
  /** Why reading back fails, as long as it is set. */
  readFailure: CallFailure | undefined;
  readonly batches: PushLine[][] = [];
  readonly reads: string[][] = [];
  /** The path for files, where a test gives it one. */
  bulk: Session["bulk"];
  /** Called before a batch is answered: a test holds it back here. */
  beforeAnswer: (batch: readonly PushLine[]) => Promise<void> = async () => {};

  constructor(channel: string, limits: Partial<Connector["limits"]> = {}, compareAndSet = false) {
    this.channel = channel;
    this.connector = {
      channel,
      title: channel,
      abilities: { compareAndSet, inbound: "door" },
      limits: {
        ...{ pushBatch: 10, readBackBatch: 10, sweepOverlapMs: 1_000, sweepEveryMs: 60_000 },
        calls: { push: RATE, readBack: RATE, orders: RATE, listings: RATE },
        ...limits,
      },
      consent: NO_CONSENT,
      verify: () => ({ outcome: "ignored", why: "a test tells the ledger itself" }),
      translate: () => [],
      connect: () => this.session(),
    };
  }

  /** Every line that was ever sent, in order. */
  get sent(): PushLine[] {
    return this.batches.flat();
  }

  session(): Session {
    const unexpected = () => Promise.reject(new Error("this test did not expect this call"));
    return {
      listings: async () => ({ outcome: "page", rows: this.records(), next: null }),
      ...(this.bulk ? { bulk: this.bulk } : {}),
      places: async () => ({ outcome: "none" }),
      ordersSince: unexpected,
      health: unexpected,
      push: async (batch) => {
        this.batches.push([...batch]);
        await this.beforeAnswer(batch);
        return batch.map((line) => this.take(line));
      },
      readBack: async (lines) => {
        this.reads.push(lines.map((line) => line.externalId));
        if (this.readFailure) return this.readFailure;
        const rows = lines.map(({ externalId }) => {
          const recorded = this.numbers.get(externalId);
          const quantity = this.visible.get(externalId) ?? recorded;
          if (quantity === undefined) return null;
          const compared = this.connector.abilities.compareAndSet ? { recorded } : {};
          return { externalId, quantity, ...compared };
        });
        return { outcome: "read", rows };
      },
    };
  }

  take(line: PushLine): PushResult {
    const told = this.answers.shift()?.(line);
    if (told) return told;
    const current = this.numbers.get(line.externalId) ?? null;
    const compares = this.connector.abilities.compareAndSet && line.expected !== null;
    if (compares && line.expected !== current) return { outcome: "stale", current };
    this.numbers.set(line.externalId, line.quantity);
    return { outcome: "accepted" };
  }

  private records(): ListingRecord[] {
    return [...this.numbers].map(([externalId, quantity]) => ({
      externalId,
      sku: externalId.replace(/^L-/, ""),
      title: externalId,
      quantity,
      ...{ barcode: null, unpushable: null, group: null, stockId: null },
      merchantFulfilled: !externalId.startsWith("L-FBA"),
      handle: { id: externalId },
    }));
  }
}
