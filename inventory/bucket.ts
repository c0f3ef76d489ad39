/**
 * Where units are, and who has a claim on them.
 *
 * Physical buckets say where a unit is; they are kept per location. Claims say to whom units are
 * promised; they are kept per item, because a promise does not yet know which shelf will serve it.
 * Each side has one counter-bucket, so that the legs of every movement sum to zero on both sides:
 * a unit that arrives comes from `outside`, a unit that is promised stops being `unclaimed`.
 */
export const PHYSICAL_BUCKETS = [
  "sellable",
  "inspection",
  "quarantine",
  "damaged",
  "incoming",
] as const;
export type PhysicalBucket = (typeof PHYSICAL_BUCKETS)[number];

export type ClaimBucket = "committed" | "held" | `allocated:${string}`;
export type CounterBucket = "outside" | "unclaimed";
export type Bucket = PhysicalBucket | ClaimBucket | CounterBucket;

/** The location of a claim: none. */
export const NO_LOCATION = "";

const ALLOCATED = "allocated:";

/** The bucket of units carved out for one channel. */
export function allocatedTo(channel: string): ClaimBucket {
  return `${ALLOCATED}${channel}`;
}

/** The channel a bucket is carved out for, or undefined for every other bucket. */
export function allocationChannel(bucket: string): string | undefined {
  return bucket.startsWith(ALLOCATED) ? bucket.slice(ALLOCATED.length) : undefined;
}

export function isPhysicalBucket(bucket: string): bucket is PhysicalBucket {
  return (PHYSICAL_BUCKETS as readonly string[]).includes(bucket);
}

export type Side = "physical" | "claim";

/** Which of the two books a bucket belongs to. */
export function sideOf(bucket: Bucket): Side {
  return isPhysicalBucket(bucket) || bucket === "outside" ? "physical" : "claim";
}
