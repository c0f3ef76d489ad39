/** What every part of the ledger needs to know to find its data. */
export interface LedgerOptions {
  /** redis://... or rediss://... */
  url: string;
  /** How many partitions items hash onto. Fixed when the ledger is first used. */
  partitions?: number;
  /** First part of every key. */
  prefix?: string;
  /** A command without an answer for so long is "unavailable: timeout", in ms. */
  timeoutMs?: number;
  /** Told of broken connections; they heal by themselves, so the default is silence. */
  onTrouble?: (error: Error) => void;
}

export const DEFAULT_PARTITIONS = 16;
export const DEFAULT_PREFIX = "ballast";
export const DEFAULT_TIMEOUT_MS = 2_000;
