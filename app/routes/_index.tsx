import { type LoaderFunctionArgs, redirect } from "@remix-run/node";

/** The app's address is Shopify's way in: whatever it says about shop and host goes along. */
export const loader = ({ request }: LoaderFunctionArgs) =>
  redirect(`/app${new URL(request.url).search}`);
