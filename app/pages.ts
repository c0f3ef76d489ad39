import type { Permission } from "../inventory/role.ts";

interface PageLink {
  url: `/app${string}`;
  label: string;
  /** What it takes to open it. Not set = everybody may. */
  permission?: Permission;
  /** Shown only while something of the shop is not live. */
  starting?: true;
}

/** The pages in the navigation, the first one is home. */
export const PAGES = [
  { url: "/app", label: "Overview" },
  {
    url: "/app/welcome",
    label: "Get started",
    permission: "onboarding.golive",
    starting: true,
  },
  { url: "/app/items", label: "Items" },
  { url: "/app/holds", label: "Holds" },
  { url: "/app/channels", label: "Channels", permission: "channels.see" },
  { url: "/app/listings", label: "Listings", permission: "listings.see" },
  { url: "/app/buffers", label: "Buffers", permission: "buffers.see" },
  { url: "/app/history", label: "History" },
  { url: "/app/import", label: "Import", permission: "data.import" },
  { url: "/app/batches", label: "Batches", permission: "data.import" },
  { url: "/app/dead-letters", label: "Dead letters", permission: "letters.see" },
  { url: "/app/settings", label: "Settings", permission: "settings.change" },
] as const satisfies readonly PageLink[];

type Page = (typeof PAGES)[number];

/** The pages that somebody may open, of a shop that is still `starting` or not. */
export function pagesFor(can: (permission: Permission) => boolean, starting: boolean): Page[] {
  return PAGES.filter(
    (page) =>
      (!("permission" in page) || can(page.permission)) && (starting || !("starting" in page)),
  );
}
