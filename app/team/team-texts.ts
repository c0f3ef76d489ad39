import { ROLE_TITLES } from "./role-texts.ts";
import type { TeamResult } from "./team.server.ts";

/* Every sentence about the team. Plain text: no markup, no address. */

export const TEAM_TEXTS = {
  name: "Enter a name, in up to 80 characters.",
  email: "Enter an e-mail address.",
  role: "Choose a role.",
  taken: "Somebody of your team has this address already.",
  gone: "This person cannot be changed any more. Load the page again.",
  lastOwner:
    "Nobody else could let people in: make somebody else an owner first, and let them log in once.",
  fromShopify: "People come in from Shopify's admin here: add them as staff there.",
} as const;

/** How somebody comes in, as the team's table says it. */
export const ENTRY_TEXTS = {
  invited: "Invited, has not come yet",
  password: "Logs in with a password",
  shopify: "From Shopify's admin",
} as const;

/** What a decision about the team did. */
export function teamText(result: Exclude<TeamResult, { outcome: "invalid" }>): string {
  switch (result.outcome) {
    case "link":
      return result.again
        ? `With this link ${result.name} chooses a new password. The old one works until then.`
        : `With this link ${result.name} chooses a password and comes in.`;
    case "changed":
      if (result.what === "role") return `${result.name} is ${ROLE_TITLES[result.role]} now.`;
      return result.what === "disabled"
        ? `${result.name} is logged out everywhere and cannot come in.`
        : `${result.name} may come in again.`;
    case "joining":
      return `Who comes in first from now on is ${ROLE_TITLES[result.role]}.`;
    case "refused":
      return result.why;
  }
}
