import type { LoaderFunctionArgs } from "@remix-run/node";
import type {} from "../context.ts";

/** Where someone lands whose shop is not known: the app opens from Shopify's admin only. */
export function loader({ context }: LoaderFunctionArgs): Response {
  if (!context.gate.shopify) return new Response(null, { status: 302, headers: { Location: "/" } });
  const text = "Open Ballast from the Apps section of your Shopify admin.\n";
  return new Response(text, { status: 401, headers: { "Content-Type": "text/plain" } });
}
