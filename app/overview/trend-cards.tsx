import { BlockStack, InlineGrid } from "@shopify/polaris";
import { channelColours } from "../channels/channel-colour.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { SpanLinks } from "../components/chart-parts.tsx";
import { TREND_TEXTS } from "./overview-texts.ts";
import { TrendCard } from "./trend-card.tsx";
import { SPANS, type Trends } from "./trends.ts";

interface Props {
  trends: Trends;
  columns: { channel: string; title: string }[];
}

/** What sells where, and whether marketplaces take our numbers, over the last hour or day. */
export function TrendCards({ trends, columns }: Props) {
  const title = channelTitle(columns);
  const colour = channelColours(columns);
  const sold = trends.sold.series.map((key) => ({ key, title: title(key), colour: colour(key) }));
  const pushed = trends.pushed.series.map((key) => {
    const accepted = key === "accepted";
    return {
      key,
      title: accepted ? TREND_TEXTS.accepted : TREND_TEXTS.failed,
      colour: accepted ? "#8a8a8a" : "#c70a24",
    };
  });
  return (
    <BlockStack gap="300">
      <SpanLinks
        spans={SPANS}
        span={trends.span}
        urlOf={(span) => (span === "hour" ? "/app" : `/app?span=${span}`)}
      />
      <InlineGrid columns={{ xs: 1, lg: 2 }} gap="400">
        <TrendCard {...TREND_TEXTS.sold} trend={trends.sold} series={sold} />
        <TrendCard {...TREND_TEXTS.pushed} trend={trends.pushed} series={pushed} />
      </InlineGrid>
    </BlockStack>
  );
}
