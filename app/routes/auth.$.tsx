import type { LoaderFunctionArgs } from "@remix-run/node";
import type {} from "../context.ts";

/** Shopify's sign-in steps below /auth. A stand-alone app has none. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<null> {
  const { shopify } = context.gate;
  if (!shopify) throw new Response("This app runs without Shopify.", { status: 404 });
  await shopify.authenticate.admin(request);
  return null;
}
