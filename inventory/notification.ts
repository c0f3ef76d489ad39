/** What a merchant's team is told of, because it needs a person. */
export const NOTIFICATION_KINDS = [
  "oversold",
  "dead-letter",
  "waiting-counts",
  "shut-out",
  "reconnect",
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export const TARGET_KINDS = ["slack", "email"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** One thing that needs a person. */
export interface Problem {
  kind: NotificationKind;
  /** Id of a dead letter, an item, a batch or a connection. */
  subject: string;
  /** What a person calls it. */
  name: string;
  detail: { units?: number; why?: string; at?: number };
}
