import { Digest } from "./digest.ts";

/** What one change does to one number: of a listing (what it shows) or of an item (its units). */
export interface NumberChange {
  /** Id of the listing or item. */
  id: string;
  before: number;
  after: number;
}

/** How much may change at once without a second look. A setting of the shop. */
export interface BlastLimits {
  /** Percent (0..100) of what now has units that may go to 0. */
  zeroPercent: number;
  /** Percent (0..100) of the catalogue that may move far. */
  movePercent: number;
  /** Percent of its own number by which something has to change to have moved far. */
  farPercent: number;
  /** So many may always go to 0 or move far, so that a small shop is not asked about everything. */
  always: number;
}

export const DEFAULT_BLAST_LIMITS: BlastLimits = {
  zeroPercent: 20,
  movePercent: 20,
  farPercent: 50,
  always: 10,
};

/** All that could have changed: every listing of the shop, or every item. */
export interface Catalogue {
  size: number;
  /** Those whose number is above 0 now. */
  live: number;
}

export type BlastReason = "zeroed" | "moved";

/** How far a change reaches. Counts are of listings or items, shares are percent. Row H4. */
export interface BlastRadius<C extends NumberChange = NumberChange> {
  /** "stop": not without a second look by a person, at this very list. */
  outcome: "within" | "stop";
  /** Which limits are passed; none within them. */
  reasons: BlastReason[];
  limits: BlastLimits;
  changed: number;
  zeroed: number;
  moved: number;
  /** Share of what has units now that goes to 0. */
  zeroedPercent: number;
  /** Share of the catalogue that moves far. */
  movedPercent: number;
  /** Sums over everything that changes. */
  before: number;
  after: number;
  /** What goes to 0 first, then what moves most. */
  largest: C[];
  /**
   * Names what a person sees: what was asked for, and which ones go to 0 or move far. Not their
   * numbers, which every sale changes: a confirmation should outlive one.
   */
  digest: string;
}

/** So many of the largest changes are kept for people to see. */
export const LARGEST_SHOWN = 20;

/**
 * Measures changes one by one, so that a million of them need no memory. They have to come in the
 * same order whenever the same thing is measured: by id, for instance.
 */
export class BlastGauge<C extends NumberChange = NumberChange> {
  readonly #limits: BlastLimits;
  readonly #digest: Digest;
  readonly #largest: C[] = [];
  #changed = 0;
  #zeroed = 0;
  #moved = 0;
  #before = 0;
  #after = 0;

  /** @param subject what is asked for, in words of its own: a rule with its values, an import. */
  constructor(subject: string, limits: BlastLimits) {
    this.#limits = limits;
    this.#digest = new Digest().add(subject);
  }

  /** One that stays as it is may be left out. */
  add(change: C): void {
    const { before, after, id } = change;
    if (before === after) return;
    this.#changed += 1;
    this.#before += before;
    this.#after += after;
    const zeroed = before > 0 && after <= 0;
    if (zeroed) this.#zeroed += 1;
    const moved = isFar(change, this.#limits.farPercent);
    if (moved) this.#moved += 1;
    if (zeroed || moved) this.#digest.add(`${id} ${zeroed ? "0" : after > before ? "+" : "-"}`);
    this.#keep(change);
  }

  measure({ size, live }: Catalogue): BlastRadius<C> {
    const { zeroPercent, movePercent, always } = this.#limits;
    const zeroedPercent = percentOf(this.#zeroed, live);
    const movedPercent = percentOf(this.#moved, size);
    const reasons: BlastReason[] = [];
    if (this.#zeroed > always && zeroedPercent > zeroPercent) reasons.push("zeroed");
    if (this.#moved > always && movedPercent > movePercent) reasons.push("moved");
    return {
      outcome: reasons.length > 0 ? "stop" : "within",
      reasons,
      limits: this.#limits,
      changed: this.#changed,
      zeroed: this.#zeroed,
      moved: this.#moved,
      zeroedPercent,
      movedPercent,
      before: this.#before,
      after: this.#after,
      largest: this.#largest,
      digest: this.#digest.toString(),
    };
  }

  #keep(change: C): void {
    const last = this.#largest.at(-1);
    if (this.#largest.length === LARGEST_SHOWN && last && larger(last, change) <= 0) return;
    const place = this.#largest.findIndex((other) => larger(change, other) < 0);
    this.#largest.splice(place < 0 ? this.#largest.length : place, 0, change);
    this.#largest.length = Math.min(this.#largest.length, LARGEST_SHOWN);
  }
}

/** The same for a list that is there as a whole, in any order. */
export function blastRadius<C extends NumberChange>(
  subject: string,
  changes: readonly C[],
  catalogue: Catalogue,
  limits: BlastLimits = DEFAULT_BLAST_LIMITS,
): BlastRadius<C> {
  const gauge = new BlastGauge<C>(subject, limits);
  for (const change of changes.toSorted((a, b) => order(a.id, b.id))) gauge.add(change);
  return gauge.measure(catalogue);
}

/** Whether it may be done: it is small, or a person has confirmed this very list. */
export function mayGoAhead(
  { outcome, digest }: Pick<BlastRadius, "outcome" | "digest">,
  confirmed: string | null | undefined,
): boolean {
  return outcome === "within" || confirmed === digest;
}

/** From nothing to something is far, too. */
function isFar({ before, after }: NumberChange, farPercent: number): boolean {
  return Math.abs(after - before) * 100 > Math.max(0, before) * farPercent;
}

/** More than there are, which happens when the catalogue was counted a moment ago, is all of it. */
function percentOf(part: number, whole: number): number {
  return part === 0 ? 0 : Math.min(100, (100 * part) / Math.max(1, whole));
}

/** Below 0 when the first one comes first. */
function larger(a: NumberChange, b: NumberChange): number {
  const zero = (change: NumberChange) => (change.before > 0 && change.after <= 0 ? 1 : 0);
  const size = ({ before, after }: NumberChange) => Math.abs(after - before);
  return zero(b) - zero(a) || size(b) - size(a) || order(a.id, b.id);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
