import { createCookie } from "@remix-run/node";
import { isRole, type Role } from "../inventory/role.ts";

/** Whom the demo shows its pages to. */
export const DEMO_PERSON = { id: "demo", name: "Demo visitor" } as const;

const cookie = createCookie("ballast_demo_role", { httpOnly: true, path: "/", sameSite: "lax" });

/** The role a visitor of the demo looks as: the owner, unless another one was chosen. */
export async function demoRole(request: Request): Promise<Role> {
  const chosen: unknown = await cookie.parse(request.headers.get("Cookie"));
  return isRole(chosen) ? chosen : "owner";
}

/** The header that remembers the chosen role. */
export function rememberRole(role: Role): Promise<string> {
  return cookie.serialize(role);
}
