import { useRouteLoaderData } from "@remix-run/react";
import { may, type Permission } from "../../inventory/role.ts";
import type { loader } from "../routes/app.tsx";

/**
 * What the person who looks may do. A page hides what is not allowed; the server refuses it as
 * well, so that hiding is a courtesy and not the lock.
 */
export function useCan(): (permission: Permission) => boolean {
  const layout = useRouteLoaderData<typeof loader>("routes/app");
  return (permission) => layout !== undefined && may(layout.person.role, permission);
}

/** Whether Shopify's admin is around the page, and draws what it draws itself. */
export function useEmbedded(): boolean {
  return useRouteLoaderData<typeof loader>("routes/app")?.embedded ?? false;
}
