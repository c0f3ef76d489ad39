import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Link,
  Outlet,
  type ShouldRevalidateFunction,
  useLoaderData,
  useRouteError,
} from "@remix-run/react";
import { NavMenu } from "@shopify/app-bridge-react";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { Failure } from "../components/failure.tsx";
import { StandaloneFrame } from "../components/standalone-frame.tsx";
import type {} from "../context.ts";
import { requireMerchant } from "../merchant.server.ts";
import { pagesFor } from "../pages.ts";
import { useCan } from "../use-person.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { name: shop, person } = await requireMerchant(request, context);
  const { apiKey, embedded, demo } = context.gate;
  return { shop, person: { name: person.name, role: person.role }, apiKey, embedded, demo };
}

/** Nothing here changes with stock: live pages read their own numbers again, not this. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod }) =>
  formMethod !== undefined && formMethod !== "GET";

export default function AppLayout() {
  const { apiKey, embedded, ...frame } = useLoaderData<typeof loader>();
  return (
    <AppProvider apiKey={apiKey} isEmbeddedApp={embedded}>
      {embedded ? <EmbeddedNavigation /> : null}
      {embedded ? (
        <Outlet />
      ) : (
        <StandaloneFrame {...frame}>
          <Outlet />
        </StandaloneFrame>
      )}
    </AppProvider>
  );
}

/** Shopify's admin draws the navigation itself, from these links. */
function EmbeddedNavigation() {
  const can = useCan();
  return (
    <NavMenu>
      {pagesFor(can).map(({ url, label }, at) => (
        <Link key={url} to={url} rel={at === 0 ? "home" : undefined}>
          {label}
        </Link>
      ))}
    </NavMenu>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  // Shopify's own responses (a redirect out of the frame, a new session token) must go through.
  if (isRouteErrorResponse(error) && error.status < 400) return boundary.error(error);
  return (
    <AppProvider apiKey="" isEmbeddedApp={false}>
      <Failure error={error} />
    </AppProvider>
  );
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
