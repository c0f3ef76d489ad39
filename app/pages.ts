/** The pages in the navigation, the first one is home. */
export const PAGES = [
  { url: "/app", label: "Overview" },
  { url: "/app/channels", label: "Channels" },
  { url: "/app/listings", label: "Listings" },
  { url: "/app/buffers", label: "Buffers" },
  { url: "/app/dead-letters", label: "Dead letters" },
] as const;
