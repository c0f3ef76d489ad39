import { BlockStack, Box, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { lazy, Suspense } from "react";
import { channelColours } from "../channels/channel-colour.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { Legend, type Series, SpanLinks, useMounted } from "../components/chart-parts.tsx";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import { TREND_TEXTS } from "./overview-texts.ts";
import { SPANS, type Trend, type Trends } from "./trends.ts";

/** The drawing library is larger than the page: it comes after the numbers. */
const TrendBars = lazy(() => import("./trend-bars.tsx"));

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

interface CardProps {
  title: string;
  text: string;
  none: string;
  trend: Trend;
  series: Series[];
}

function TrendCard({ title, text, none, trend, series }: CardProps) {
  const { number } = useFormat();
  const mounted = useMounted();
  const sum = (key: string) => trend.steps.reduce((all, { counts }) => all + (counts[key] ?? 0), 0);
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <InlineStack align="space-between" gap="200">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            <Text as="span" variant="headingMd" numeric>
              {number(trend.total)}
            </Text>
          </InlineStack>
          <Text as="p" tone="subdued">
            {text}
          </Text>
        </BlockStack>
        {/* The table below says the same in numbers: a screen reader passes the picture over. */}
        <div className="dots" aria-hidden>
          {trend.total === 0 ? (
            <Box paddingBlockStart="1000">
              <Text as="p" alignment="center" tone="subdued">
                {none}
              </Text>
            </Box>
          ) : null}
          {trend.total > 0 && mounted ? (
            <Suspense>
              <TrendBars steps={trend.steps} series={series} />
            </Suspense>
          ) : null}
        </div>
        <Legend series={series} numberOf={(key) => number(sum(key))} />
        <Numbers title={title} none={none} trend={trend} series={series} />
      </BlockStack>
    </Card>
  );
}

/** The chart as a table, for whoever cannot or does not want to read a picture. */
function Numbers({ title, none, trend, series }: Omit<CardProps, "text">) {
  const { minute, number } = useFormat();
  const steps = trend.steps.filter(({ counts }) => Object.keys(counts).length > 0).reverse();
  return (
    <details>
      <summary>{TREND_TEXTS.asTable}</summary>
      {steps.length === 0 ? (
        <p>{none}</p>
      ) : (
        <DataTable
          narrow
          caption={title}
          columns={[
            { key: "at", title: TREND_TEXTS.from },
            ...series.map(({ key, title: name }) => ({ key, title: name, numeric: true })),
          ]}
          rows={steps.map(({ at, counts }) => ({
            key: String(at),
            cells: [minute(at), ...series.map(({ key }) => number(counts[key] ?? 0))],
          }))}
        />
      )}
    </details>
  );
}
