import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { ownerOfState } from "../../prisma/consent-requests.ts";
import { packed } from "../channels/came-back.ts";
import type {} from "../context.ts";

/**
 * Where a marketplace sends a merchant back to. Nothing is done here: outside Shopify's admin nobody
 * knows who he is. He goes on to a page of his own shop, and only there his code is worth something,
 * so that nobody can be led to connect his account to somebody else's shop.
 */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { channel = "" } = params;
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const { services, gate } = context;
  if (!services.connectorOf(channel)) throw new Response("No such marketplace.", { status: 404 });
  const owner = await ownerOfState(services.db, channel, query.state ?? "");
  const path = `/app/channels/finish/${channel}?${new URLSearchParams({ came: packed(query) })}`;
  if (owner) return redirect(gate.address(owner.domain, path));
  if (!gate.embedded) return redirect(path);
  const text =
    "This visit was not begun in Ballast. Open Ballast in your Shopify admin and connect from there.\n";
  return new Response(text, { status: 400, headers: { "Content-Type": "text/plain" } });
}
