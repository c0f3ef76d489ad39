import { exhaustive } from "../../inventory/assert.ts";

/* Every sentence of the page of API tokens. Plain text: no markup, no address. */

/** What became of an owner's decision about tokens. */
export type TokensResult =
  /** The token is shown this once. */
  | { outcome: "created"; name: string; token: string }
  | { outcome: "revoked"; name: string }
  /** By field of the form, each with its sentence. */
  | { outcome: "invalid"; errors: Partial<Record<"name" | "scopes" | "expires", string>> }
  | { outcome: "gone" };

export const TOKEN_ERRORS = {
  name: "Say what it is for, in up to 100 characters.",
  scopes: "Choose at least one thing it may do.",
  expires: "Choose one of the list.",
} as const;

export function tokensText(result: Exclude<TokensResult, { outcome: "invalid" }>): string {
  switch (result.outcome) {
    case "created":
      return `The token ${result.name} is made. Copy it now: it is shown only this once.`;
    case "revoked":
      return `The token ${result.name} is revoked. It lets nobody in any more, within seconds.`;
    case "gone":
      return "This token is not there any more.";
    default:
      return exhaustive(result);
  }
}

/** How long a new token lives, in days; "" = until it is revoked. */
export const LIVES = [
  { value: "", label: "Never" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
] as const;
