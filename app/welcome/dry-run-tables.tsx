import { Link, useSearchParams } from "@remix-run/react";
import { Badge, BlockStack, Box, Checkbox, InlineStack, Pagination, Text } from "@shopify/polaris";
import type { Format } from "../../inventory/format.ts";
import type { DryRunChange, DryRunFilter, DryRunTotals } from "../../prisma/dry-run.ts";
import type { ChannelView } from "../channels/channels.server.ts";
import { DataTable } from "../components/data-table.tsx";
import { DownloadButton } from "../files/download-button.tsx";
import { useFormat } from "../use-format.ts";
import type { DryRun } from "./dry-run.server.ts";
import { DRY_RUN_TABLES_WORDS } from "./part-texts.ts";

interface TotalsProps {
  rows: DryRunTotals[];
  waiting: ChannelView[];
  titles: Record<string, string>;
  /** Connections that are not to go live yet. */
  left: ReadonlySet<string>;
  onChoose(connection: string, wanted: boolean): void;
}

/** Each connection in one line, and whether it is to go live. */
export function DryRunTotalsTable({ rows, waiting, titles, left, onChoose }: TotalsProps) {
  const { number } = useFormat();
  return (
    <DataTable
      caption={DRY_RUN_TABLES_WORDS.whatWouldChangeOn}
      columns={[
        { key: "channel", title: "Goes live" },
        { key: "pushed", title: "Listings", numeric: true },
        { key: "changed", title: "Would change", numeric: true },
        { key: "zeroed", title: "Would show 0", numeric: true },
        { key: "before", title: "Units now", numeric: true },
        { key: "after", title: "Units then", numeric: true },
      ]}
      rows={waiting.map(({ id }) => {
        const own = rows.find((row) => row.connection === id);
        return {
          key: id,
          cells: [
            <Checkbox
              key="choose"
              label={titles[id] ?? id}
              checked={!left.has(id)}
              onChange={(wanted) => onChoose(id, wanted)}
            />,
            number(own?.pushed ?? 0),
            number(own?.changed ?? 0),
            <span key="zeroed" className={own && own.zeroed > 0 ? "number-bad" : undefined}>
              {number(own?.zeroed ?? 0)}
            </span>,
            number(own?.unitsBefore ?? 0),
            number(own?.unitsAfter ?? 0),
          ],
        };
      })}
    />
  );
}

const FILTERS: [DryRunFilter, string][] = [
  ["all", "All changes"],
  ["zeroed", "Would show 0"],
  ["lower", "Lower"],
  ["higher", "Higher"],
];

/** The listings that would change, the worst first. */
export function DryRunTable({ data, titles }: { data: DryRun; titles: Record<string, string> }) {
  const format = useFormat();
  const { number } = format;
  const [, setSearch] = useSearchParams();
  const { rows, show, page, hasNext } = data;
  const go = (to: number) =>
    setSearch({ step: "dry-run", show, page: String(to) }, { preventScrollReset: true });
  return (
    <>
      <Box padding="400" borderBlockEndWidth="025" borderColor="border-secondary">
        <InlineStack gap="300" align="space-between" blockAlign="center">
          <Filters data={data} />
          <DownloadButton url="/app/welcome/dry-run.csv" name="dry-run.csv">
            {DRY_RUN_TABLES_WORDS.exportAllAsCsv}
          </DownloadButton>
        </InlineStack>
      </Box>
      {rows.length === 0 ? (
        <Box padding="600">
          <Text as="p" alignment="center" tone="subdued">
            {show === "all"
              ? DRY_RUN_TABLES_WORDS.noListingWouldChange
              : DRY_RUN_TABLES_WORDS.noListingWouldChange2}
          </Text>
        </Box>
      ) : (
        <DataTable
          caption={DRY_RUN_TABLES_WORDS.listingsThatWouldChange}
          columns={[
            { key: "sku", title: "Listing" },
            { key: "channel", title: "Channel" },
            { key: "before", title: "Shows now", numeric: true },
            { key: "after", title: "Would show", numeric: true },
            { key: "change", title: "Change", numeric: true },
          ]}
          rows={rows.map((row) => ({ key: row.id, cells: cellsOf(row, titles, format) }))}
        />
      )}
      {page > 1 || hasNext ? (
        <Box padding="300" borderBlockStartWidth="025" borderColor="border-secondary">
          <InlineStack align="center">
            <Pagination
              label={`Page ${number(page)}`}
              hasPrevious={page > 1}
              onPrevious={() => go(page - 1)}
              hasNext={hasNext}
              onNext={() => go(page + 1)}
            />
          </InlineStack>
        </Box>
      ) : null}
    </>
  );
}

function Filters({ data: { totals, show } }: { data: DryRun }) {
  const { number } = useFormat();
  const count: Record<DryRunFilter, number> = { all: 0, zeroed: 0, lower: 0, higher: 0 };
  for (const one of totals) {
    count.all += one.changed;
    count.zeroed += one.zeroed;
    count.lower += one.lower;
    count.higher += one.higher;
  }
  return (
    <nav className="filters" aria-label="Which changes">
      {FILTERS.map(([filter, label]) => (
        <Link
          key={filter}
          to={`/app/welcome?step=dry-run&show=${filter}`}
          preventScrollReset
          aria-current={filter === show ? "page" : undefined}
        >
          {`${label} (${number(count[filter])})`}
        </Link>
      ))}
    </nav>
  );
}

function cellsOf(row: DryRunChange, titles: Record<string, string>, { number, change }: Format) {
  const { sku, title, before, after, counted, connection } = row;
  const bad = after === 0 && (before ?? 0) > 0;
  return [
    <BlockStack key="name" gap="050">
      <span>{sku || title}</span>
      <span className="second-line">{sku ? title : ""}</span>
      {counted ? null : (
        <InlineStack>
          <Badge tone="attention">Never counted</Badge>
        </InlineStack>
      )}
    </BlockStack>,
    titles[connection] ?? row.channel,
    before === null ? "not said" : number(before),
    <span key="after" className={bad ? "number-bad" : undefined}>
      {number(after)}
    </span>,
    change(after - (before ?? 0)),
  ];
}
