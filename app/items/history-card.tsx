import { useLocation } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { lazy, Suspense } from "react";
import { channelColours } from "../channels/channel-colour.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { Legend, type Series, SpanLinks, useMounted } from "../components/chart-parts.tsx";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import type { ItemHistory } from "./item-history.server.ts";
import { HISTORY_SPANS, type HistoryPoint } from "./item-history.ts";
import { HISTORY_TEXTS, otherListingsText } from "./items-texts.ts";

/** The drawing library is larger than the page: it comes after the numbers. */
const HistoryLines = lazy(() => import("./history-lines.tsx"));

interface Props {
  history: ItemHistory;
  columns: { channel: string; title: string }[];
}

/** What there was of an item, and what each channel showed of it, over time. */
export function HistoryCard({ history, columns }: Props) {
  const { points, span, others } = history;
  const format = useFormat();
  const { pathname } = useLocation();
  const mounted = useMounted();
  const series = seriesOf(history, columns);
  const last = points.at(-1);
  const text = (value: number | null | undefined) => (value == null ? "–" : format.number(value));
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {HISTORY_TEXTS.title}
          </Text>
          <Text as="p" tone="subdued">
            {HISTORY_TEXTS.text}
            {others > 0 ? ` ${otherListingsText(others, format)}` : ""}
          </Text>
        </BlockStack>
        <SpanLinks
          spans={HISTORY_SPANS}
          span={span}
          urlOf={(one) => (one === "day" ? pathname : `${pathname}?span=${one}`)}
        />
        {/* The table below says the same in numbers: a screen reader passes the picture over. */}
        <div className="lines" aria-hidden>
          {mounted ? (
            <Suspense>
              <HistoryLines points={points} series={series} span={span} numberAt={numberAt} />
            </Suspense>
          ) : null}
        </div>
        <Legend series={series} numberOf={(key) => text(last && numberAt(last, key))} />
        <Numbers points={points} series={series} text={text} />
      </BlockStack>
    </Card>
  );
}

function numberAt(point: HistoryPoint, key: string): number | null {
  if (key === "onHand") return point.onHand;
  return key === "available" ? point.available : (point.shown[key] ?? null);
}

function seriesOf({ listings }: ItemHistory, columns: Props["columns"]): Series[] {
  const title = channelTitle(columns);
  const colour = channelColours(columns);
  const alone = (channel: string) => listings.filter((one) => one.channel === channel).length === 1;
  return [
    { key: "onHand", title: HISTORY_TEXTS.onHand, colour: "#303030" },
    { key: "available", title: HISTORY_TEXTS.available, colour: "#8a8a8a" },
    ...listings.map(({ id, channel, sku }) => ({
      key: id,
      title: alone(channel) ? title(channel) : `${title(channel)} ${sku}`,
      colour: colour(channel),
    })),
  ];
}

interface NumbersProps {
  points: HistoryPoint[];
  series: Series[];
  text(value: number | null | undefined): string;
}

/** The chart as a table, for whoever cannot or does not want to read a picture. */
function Numbers({ points, series, text }: NumbersProps) {
  const { time } = useFormat();
  const rows = points.filter(({ changed }) => changed).reverse();
  return (
    <details>
      <summary>{HISTORY_TEXTS.asTable}</summary>
      <DataTable
        caption={HISTORY_TEXTS.caption}
        columns={[
          { key: "at", title: HISTORY_TEXTS.at },
          ...series.map(({ key, title }) => ({ key, title, numeric: true })),
        ]}
        rows={rows.map((point) => ({
          key: String(point.at),
          cells: [time(point.at), ...series.map(({ key }) => text(numberAt(point, key)))],
        }))}
      />
    </details>
  );
}
