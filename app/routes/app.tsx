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
import { useMemo } from "react";
import { formatFor } from "../../inventory/format.ts";
import { startingOf } from "../../prisma/going-live.ts";
import { requireMerchant } from "../access/merchant.server.ts";
import { useCan } from "../access/use-person.ts";
import { Failure } from "../components/failure.tsx";
import { PageContent } from "../components/page-content.tsx";
import { StandaloneFrame } from "../components/standalone-frame.tsx";
import { Toasts } from "../components/toasts.tsx";
import { UnsavedForms } from "../components/unsaved.tsx";
import type {} from "../context.ts";
import { pagesFor } from "../pages.ts";
import { FormatContext } from "../use-format.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const merchant = await requireMerchant(request, context);
  const { apiKey, embedded } = context.gate;
  const { name: shop, locale, timeZone, currency } = merchant;
  const { name, role, entry } = merchant.person;
  const regional = { locale, timeZone, currency };
  const starting = await startingOf(context.services.db, merchant.id);
  return { shop, person: { name, role, entry }, apiKey, embedded, regional, starting };
}

/** Nothing here changes with stock: live pages read their own numbers again, not this. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod }) =>
  formMethod !== undefined && formMethod !== "GET";

export default function AppLayout() {
  const { apiKey, embedded, regional, ...frame } = useLoaderData<typeof loader>();
  const { locale, timeZone, currency } = regional;
  const format = useMemo(
    () => formatFor({ locale, timeZone, currency }),
    [locale, timeZone, currency],
  );
  return (
    <AppProvider apiKey={apiKey} isEmbeddedApp={embedded}>
      <FormatContext.Provider value={format}>
        {embedded ? <EmbeddedNavigation starting={frame.starting !== null} /> : null}
        {embedded ? (
          <Toasts embedded>
            <UnsavedForms>
              <PageContent>
                <Outlet />
              </PageContent>
            </UnsavedForms>
          </Toasts>
        ) : (
          <StandaloneFrame {...frame} starting={frame.starting !== null}>
            <Toasts embedded={false}>
              <UnsavedForms>
                <PageContent>
                  <Outlet />
                </PageContent>
              </UnsavedForms>
            </Toasts>
          </StandaloneFrame>
        )}
      </FormatContext.Provider>
    </AppProvider>
  );
}

/** Shopify's admin draws the navigation itself, from these links. */
function EmbeddedNavigation({ starting }: { starting: boolean }) {
  const can = useCan();
  return (
    <NavMenu>
      {pagesFor(can, starting).map(({ url, label }, at) => (
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
