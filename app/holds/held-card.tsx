import { Link } from "@remix-run/react";
import { BlockStack, Box, Button, Card, Text } from "@shopify/polaris";
import { HOLD_SOURCES } from "../../inventory/hold.ts";
import type { HeldRow } from "../../prisma/hold-page.ts";
import { useCan } from "../access/use-person.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { DataTable } from "../components/data-table.tsx";
import { Pager } from "../components/pager.tsx";
import { useFormat } from "../use-format.ts";
import { clockText, HOLD_TEXTS, RELEASE_TEXTS, SOURCE_TITLES, sourceText } from "./hold-texts.ts";
import type { HoldsPage } from "./holds.server.ts";
import { holdsUrl } from "./holds-url.ts";
import { HELD_CARD_WORDS } from "./part-texts.ts";
import { useClock } from "./use-clock.ts";

type Props = Pick<HoldsPage, "rows" | "held" | "from" | "span" | "columns" | "ends" | "now"> & {
  onRelease(row: HeldRow): void;
};

/** Everything that is held now, the next to expire first, page by page. */
export function HeldCard({ rows, held, from, span, columns, ends, now, onRelease }: Props) {
  const { counted, units } = useFormat();
  const all = held.filter(({ source }) => from === undefined || source === from);
  const sum = (key: "holds" | "units") => all.reduce((total, one) => total + one[key], 0);
  const none = from === undefined ? HOLD_TEXTS.none : HOLD_TEXTS.noneOfSource;
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="300">
        <BlockStack gap="300">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {HOLD_TEXTS.live}
            </Text>
            <div data-testid="held">
              <Text as="p" tone="subdued">
                {sum("holds") === 0
                  ? none
                  : HELD_CARD_WORDS.inTheNextTo(units(sum("units")), counted(sum("holds"), "hold"))}
              </Text>
            </div>
          </BlockStack>
          <Sources from={from} held={held} span={span} />
        </BlockStack>
      </Box>
      {rows.length === 0 ? null : (
        <HeldTable rows={rows} columns={columns} now={now} onRelease={onRelease} />
      )}
      <Pager label={HELD_CARD_WORDS.pagesOfHolds} ends={ends} />
    </Card>
  );
}

function Sources({ from, held, span }: Pick<Props, "from" | "held" | "span">) {
  const { number } = useFormat();
  const count = (source: string) => held.find((one) => one.source === source)?.holds ?? 0;
  return (
    <nav className="filters" aria-label={HELD_CARD_WORDS.whereHoldsComeFrom}>
      <Link
        to={holdsUrl({ span, from: undefined })}
        preventScrollReset
        aria-current={from ? undefined : "page"}
      >
        All
      </Link>
      {HOLD_SOURCES.map((source) => (
        <Link
          key={source}
          to={holdsUrl({ span, from: source })}
          preventScrollReset
          aria-current={source === from ? "page" : undefined}
        >
          {`${SOURCE_TITLES[source]} ${number(count(source))}`}
        </Link>
      ))}
    </nav>
  );
}

function HeldTable({
  rows,
  columns,
  now,
  onRelease,
}: Omit<Props, "held" | "from" | "span" | "ends">) {
  const { number } = useFormat();
  const clock = useClock(now);
  const title = channelTitle(columns);
  const mayRelease = useCan()("holds.manage");
  return (
    <DataTable
      caption={HOLD_TEXTS.live}
      columns={[
        { key: "item", title: "Item" },
        { key: "units", title: "Units", numeric: true },
        { key: "age", title: "Age", numeric: true },
        { key: "ends", title: "Expires in", numeric: true },
        { key: "from", title: "From" },
        ...(mayRelease ? [{ key: "do", title: "", label: "" }] : []),
      ]}
      rows={rows.map((row) => ({
        key: row.id,
        cells: [
          <Link key="item" to={`/app/items/${encodeURIComponent(row.sku)}`}>
            {row.sku}
          </Link>,
          number(row.quantity),
          clockText(clock - new Date(row.takenAt).getTime()),
          clockText(new Date(row.expiresAt).getTime() - clock),
          row.channel === null
            ? sourceText(row.actor)
            : `${sourceText(row.actor)} · ${title(row.channel)}`,
          <Button
            key="do"
            size="slim"
            accessibilityLabel={`${RELEASE_TEXTS.action} ${row.sku}`}
            onClick={() => onRelease(row)}
          >
            {RELEASE_TEXTS.action}
          </Button>,
        ],
      }))}
    />
  );
}
