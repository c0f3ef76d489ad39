import type { LoaderFunctionArgs } from "@remix-run/node";
import { requireMerchant } from "../access/merchant.server.ts";
import { readSuggestions } from "../listings/listings.server.ts";

/** SKUs that begin to look like what is typed, for fields that ask for one. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context);
  const typed = new URL(request.url).searchParams.get("q") ?? "";
  return Response.json(await readSuggestions(context, shop.id, typed));
}
