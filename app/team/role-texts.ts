import type { Permission, Role } from "../../inventory/role.ts";

/** What roles and permissions are called on pages. */

export const ROLE_TITLES: Record<Role, string> = {
  owner: "Owner",
  operations: "Operations",
  marketing: "Marketing",
  warehouse: "Warehouse",
  "read-only": "Read-only",
};

/** What a role is for, for whoever gives it to somebody. */
export const ROLE_DUTIES: Record<Role, string> = {
  owner: "Does everything, and decides who else comes in.",
  operations: "Does everything but manage the team and API tokens.",
  marketing: "Sees channels, listings and buffers; matches listings and plans promotions.",
  warehouse: "Receives, corrects and transfers stock, inspects returns, imports counts.",
  "read-only": "Sees stock, channels, listings, buffers and dead letters, and changes nothing.",
};

/** Each completes the sentence "This role may …". */
const PERMISSION_TEXTS: Record<Permission, string> = {
  "stock.move": "move stock",
  "returns.inspect": "inspect returns",
  "holds.manage": "manage holds",
  "batches.undo": "undo batches",
  "listings.see": "see listings",
  "listings.match": "match listings",
  "channels.see": "see channels",
  "channels.manage": "connect and change channels",
  "buffers.see": "see buffers",
  "buffers.change": "change buffers",
  "promotions.change": "change promotions",
  "letters.see": "see dead letters",
  "letters.decide": "decide about dead letters",
  "orders.signoff": "sign off orders",
  "data.import": "import data",
  "data.export": "export data",
  "onboarding.golive": "go live",
  "settings.change": "change settings",
  "tokens.manage": "manage API tokens",
  "team.manage": "manage the team",
};

/** Why the server refuses, and what to do about it. */
export function refusalText(role: Role, permission: Permission): string {
  return `Your role, ${ROLE_TITLES[role]}, may not ${PERMISSION_TEXTS[permission]}. Ask an owner of this shop to do it, or for another role.`;
}
