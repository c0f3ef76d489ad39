/** What an API token may be allowed to do. One scope per kind of work, reading apart from writing. */
export const SCOPES = [
  "stock:read",
  "items:write",
  "holds:read",
  "holds:write",
  "movements:write",
  "snapshots:write",
  "webhooks:manage",
] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
