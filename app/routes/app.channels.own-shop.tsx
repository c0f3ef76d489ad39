import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { requireMerchant } from "../access/merchant.server.ts";
import { afterConsent } from "../channels/after-consent.ts";
import { connectOwnShop } from "../channels/connect-own-shop.server.ts";

/** The button that connects the shop in whose admin the merchant is. */
export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "channels.manage");
  const result = await connectOwnShop(context, shop, request);
  if ("why" in result) return result;
  return redirect(afterConsent(result.connections));
}

export const loader = () => redirect("/app/channels");
