import type { LoaderFunctionArgs } from "@remix-run/node";
import { requireMerchant } from "../access/merchant.server.ts";
import { liveStream } from "../live/live.server.ts";

/** What changes in the merchant's shop, as server-sent events. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  const shop = await requireMerchant(request, context);
  return liveStream(context.services, shop.id, request.signal);
}
