import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, EmptyState, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { EVERY_ITEM, itemsUrl } from "../items/item-search.ts";
import { useLive } from "../live/use-live.ts";
import { AttentionCard } from "../overview/attention-card.tsx";
import { ItemsCard } from "../overview/items-card.tsx";
import { LatencyCard } from "../overview/latency-card.tsx";
import { NotLiveBanner } from "../overview/not-live-banner.tsx";
import { readOverview } from "../overview/overview.server.ts";
import { SummaryLine } from "../overview/summary-line.tsx";
import { TrendCards } from "../overview/trend-cards.tsx";
import { spanOf } from "../overview/trends.ts";
import { OVERVIEW_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "Overview · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context);
  const overview = await readOverview(context, shop.id, spanOf(request.url));
  return { ...overview, embedded: context.gate.embedded };
}

export default function Overview() {
  const data = useLoaderData<typeof loader>();
  useLive(data.embedded);
  return (
    <Page title="Overview" fullWidth>
      <BlockStack gap="400">
        <NotLiveBanner />
        <SummaryLine summary={data.summary} />
        {data.summary.items === 0 ? (
          <NoItems />
        ) : (
          <AttentionCard rows={data.rows} found={data.found} columns={data.columns} />
        )}
        {data.summary.items === 0 ? null : (
          <TrendCards trends={data.trends} columns={data.columns} />
        )}
        {data.moved.length > 0 ? (
          <ItemsCard
            title="Moved last"
            about="What each channel shows, and should show, changes here as it happens."
            more={{ url: itemsUrl(EVERY_ITEM), text: "All items" }}
            rows={data.moved}
            columns={data.columns}
            none=""
          />
        ) : null}
        {data.sales.length > 0 ? (
          <LatencyCard sales={data.sales} latencies={data.latencies} columns={data.columns} />
        ) : null}
      </BlockStack>
    </Page>
  );
}

function NoItems() {
  return (
    <Card>
      <EmptyState heading="No items yet" image="">
        <p>{OVERVIEW_WORDS.itemsAppearHereAs}</p>
      </EmptyState>
    </Card>
  );
}
