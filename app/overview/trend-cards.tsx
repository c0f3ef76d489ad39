import { Link } from "@remix-run/react";
import { BlockStack, Box, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { lazy, Suspense, useEffect, useState } from "react";
import { channelColour } from "../channels/channel-colour.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import { TREND_TEXTS } from "./overview-texts.ts";
import type { Series } from "./trend-bars.tsx";
import { SPANS, type Span, type Trend, type Trends } from "./trends.ts";

/** The drawing library is larger than the page: it comes after the numbers. */
const TrendBars = lazy(() => import("./trend-bars.tsx"));

interface Props {
  trends: Trends;
  columns: { channel: string; title: string }[];
}

/** What sells where, and whether marketplaces take our numbers, over the last hour or day. */
export function TrendCards({ trends, columns }: Props) {
  const title = channelTitle(columns);
  // A channel has the colour that it has in the other charts.
  const channels = [...new Set(columns.map(({ channel }) => channel))].sort();
  const sold = trends.sold.series.map((key) => {
    const at = channels.indexOf(key);
    return { key, title: title(key), colour: channelColour(at < 0 ? channels.length : at) };
  });
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
      <Spans span={trends.span} />
      <InlineGrid columns={{ xs: 1, lg: 2 }} gap="400">
        <TrendCard {...TREND_TEXTS.sold} trend={trends.sold} series={sold} />
        <TrendCard {...TREND_TEXTS.pushed} trend={trends.pushed} series={pushed} />
      </InlineGrid>
    </BlockStack>
  );
}

function Spans({ span }: { span: Span }) {
  return (
    <nav className="filters" aria-label="Time shown by the charts">
      {Object.entries(SPANS).map(([key, { label }]) => (
        <Link
          key={key}
          to={key === "hour" ? "/app" : `/app?span=${key}`}
          preventScrollReset
          aria-current={key === span ? "page" : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
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
  // Not in the server's page: see latency-card.tsx.
  const [mounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
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
        <Legend series={series} trend={trend} />
        <Numbers title={title} none={none} trend={trend} series={series} />
      </BlockStack>
    </Card>
  );
}

function Legend({ series, trend }: { series: Series[]; trend: Trend }) {
  const { number } = useFormat();
  const total = (key: string) =>
    trend.steps.reduce((sum, { counts }) => sum + (counts[key] ?? 0), 0);
  return (
    <div className="legend">
      {series.map(({ key, title, colour: background }) => (
        <span key={key}>
          <span className="dot" style={{ background }} aria-hidden />
          {`${title} ${number(total(key))}`}
        </span>
      ))}
    </div>
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
