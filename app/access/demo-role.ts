import { createCookie } from "@remix-run/node";
import { isRole, type Role } from "../../inventory/role.ts";

const cookie = createCookie("ballast_demo_role", { httpOnly: true, path: "/", sameSite: "lax" });

/** Whoever looks at the demo: nobody's account. */
export const DEMO_VISITOR = { id: "demo", name: "Demo visitor", entry: "demo" } as const;

/** Whom the demo shows its pages to: an owner, unless another role was chosen. */
export async function demoPerson(request: Request) {
  const chosen: unknown = await cookie.parse(request.headers.get("Cookie"));
  const role: Role = isRole(chosen) ? chosen : "owner";
  return { ...DEMO_VISITOR, role };
}

/** The header that remembers the chosen role. */
export function rememberRole(role: Role): Promise<string> {
  return cookie.serialize(role);
}
