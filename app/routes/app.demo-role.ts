import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { isRole } from "../../inventory/role.ts";
import { rememberRole } from "../access/demo-role.ts";
import { requireMerchant } from "../access/merchant.server.ts";

/** In the demo one looks at the pages as any role. Nobody else has this door. */
export async function action({ request, context }: ActionFunctionArgs) {
  await requireMerchant(request, context);
  if (!context.gate.demo) throw new Response(null, { status: 404 });
  const role = (await request.formData()).get("role");
  if (!isRole(role)) throw new Response("There is no such role.", { status: 400 });
  return redirect("/app", { headers: { "Set-Cookie": await rememberRole(role) } });
}

export const loader = () => redirect("/app");
