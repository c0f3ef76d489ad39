import { isRouteErrorResponse, useRevalidator } from "@remix-run/react";
import { Banner, BlockStack, Page } from "@shopify/polaris";
import { useEffect } from "react";

/** What may pass by itself, a lost connection or a server that starts again, is tried this often. */
const AGAIN_MS = 2_000;

const TITLES: Record<number, string> = { 403: "Not allowed", 404: "Not found" };

/** What a page shows instead of itself. What went wrong in detail is in the log, not here. */
export function Failure({ error }: { error: unknown }) {
  const known = isRouteErrorResponse(error);
  const passing = !known || error.status >= 500;
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!passing || state !== "idle") return;
    const timer = setTimeout(() => navigator.onLine && revalidate(), AGAIN_MS);
    window.addEventListener("online", revalidate);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", revalidate);
    };
  }, [passing, state, revalidate]);
  const title = (known && TITLES[error.status]) || "This page cannot be shown now";
  const why =
    known && typeof error.data === "string" && error.data !== ""
      ? error.data
      : "Something went wrong on our side and has been logged. Your stock is not affected.";
  return (
    <Page title={title} backAction={{ content: "Overview", url: "/app" }}>
      <BlockStack gap="400">
        <Banner tone={known && error.status < 500 ? "warning" : "critical"}>{why}</Banner>
      </BlockStack>
    </Page>
  );
}
