import { BlockStack, Box, Card, InlineStack, Text } from "@shopify/polaris";
import { lazy, Suspense } from "react";
import { Legend, type Series, useMounted } from "../components/chart-parts.tsx";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import { TREND_TEXTS } from "./overview-texts.ts";
import type { Trend } from "./trends.ts";

/** The drawing library is larger than the page: it comes after the numbers. */
const TrendBars = lazy(() => import("./trend-bars.tsx"));

interface CardProps {
  title: string;
  text: string;
  none: string;
  trend: Trend;
  series: Series[];
  /** Series are compared with each other, not parts of one sum. */
  compared?: boolean;
}

/** Counts over time as a picture and as a table. */
export function TrendCard({ title, text, none, trend, series, compared = false }: CardProps) {
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
            {compared ? null : (
              <Text as="span" variant="headingMd" numeric>
                {number(trend.total)}
              </Text>
            )}
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
              <TrendBars steps={trend.steps} series={series} compared={compared} />
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
