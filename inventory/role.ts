/** What a person of a merchant's team is. The first may do everything, the last only look. */
export const ROLES = ["owner", "operations", "marketing", "warehouse", "read-only"] as const;
export type Role = (typeof ROLES)[number];

/** What can be allowed. Overview, items and their history are everybody's, so they have no name. */
export const PERMISSIONS = [
  "stock.move",
  "returns.inspect",
  "holds.manage",
  "batches.undo",
  "listings.see",
  "listings.match",
  "channels.see",
  "channels.manage",
  "buffers.see",
  "buffers.change",
  "promotions.change",
  "letters.see",
  "letters.decide",
  "orders.signoff",
  "data.import",
  "data.export",
  "onboarding.golive",
  "settings.change",
  "tokens.manage",
  "team.manage",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Only an owner says who else comes in, be it a person or a machine. */
const OWNERS_ONLY: readonly Permission[] = ["team.manage", "tokens.manage"];

const GRANTED: Record<Role, readonly Permission[]> = {
  owner: PERMISSIONS,
  operations: PERMISSIONS.filter((permission) => !OWNERS_ONLY.includes(permission)),
  marketing: [
    "listings.see",
    "listings.match",
    "channels.see",
    "buffers.see",
    "promotions.change",
    "data.export",
  ],
  warehouse: ["stock.move", "returns.inspect", "data.import", "data.export"],
  "read-only": ["listings.see", "channels.see", "buffers.see", "letters.see", "data.export"],
};

/** Whether somebody of this role may do this. */
export function may(role: Role, permission: Permission): boolean {
  return GRANTED[role].includes(permission);
}

/** Reads a role from outside. */
export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}
