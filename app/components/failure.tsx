import { isRouteErrorResponse } from "@remix-run/react";
import { Banner, BlockStack, Page } from "@shopify/polaris";

/** What a page shows instead of itself. What went wrong in detail is in the log, not here. */
export function Failure({ error }: { error: unknown }) {
  const known = isRouteErrorResponse(error);
  const title = known && error.status === 404 ? "Not found" : "This page cannot be shown now";
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
