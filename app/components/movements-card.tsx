import { useSearchParams } from "@remix-run/react";
import { Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { MovementRow } from "../../prisma/movements.ts";
import { channelTitle } from "../channel-title.ts";
import type { ItemPage } from "../item.server.ts";
import { bucketText, movementText } from "../texts.ts";
import { useFormat } from "../use-format.ts";
import { DataTable } from "./data-table.tsx";
import { Time } from "./time.tsx";

/** An item's history, newest first: what happened, whose doing it was, and every leg of it. */
export function MovementsCard({ page }: { page: ItemPage }) {
  const { movements, columns, locations } = page;
  const title = channelTitle(columns);
  const names = new Map(locations.map(({ code, name }) => [code, name]));
  const place = (code: string) => names.get(code) ?? code;
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          Movements
        </Text>
        {movements.length === 0 ? (
          <Text as="p" tone="subdued">
            {page.newest ? "Nothing has moved yet." : "There are no older movements."}
          </Text>
        ) : null}
      </Box>
      {movements.length === 0 ? null : (
        <DataTable
          caption="Movements, newest first"
          columns={[
            { key: "what", title: "What" },
            { key: "when", title: "When" },
            { key: "who", title: "Channel and actor" },
            { key: "order", title: "Order or reference" },
            { key: "legs", title: "Units" },
          ]}
          rows={movements.map((row) => ({
            key: String(row.seq),
            cells: [
              <What key="what" row={row} />,
              <Time key="when" at={row.at} />,
              <Who key="who" row={row} title={title} />,
              row.order ?? row.reference ?? "–",
              <Legs key="legs" row={row} title={title} place={place} />,
            ],
          }))}
        />
      )}
      <Older page={page} />
    </Card>
  );
}

function What({ row }: { row: MovementRow }) {
  const { units } = useFormat();
  return (
    <>
      {movementText(row.type)}
      <span className="second-line">{row.reason ?? `No. ${row.seq}`}</span>
      {row.oversold > 0 ? (
        <span className="second-line number-bad">{`oversold by ${units(row.oversold)}`}</span>
      ) : null}
    </>
  );
}

function Who({ row, title }: { row: MovementRow; title: (channel: string) => string }) {
  const channel = row.channel === null ? null : title(row.channel);
  return (
    <span>
      {channel ?? row.actor ?? "–"}
      {channel !== null && row.actor && row.actor !== row.channel ? (
        <span className="second-line">{row.actor}</span>
      ) : null}
    </span>
  );
}

interface Names {
  row: MovementRow;
  title(channel: string): string;
  place(code: string): string;
}

/** The counter-buckets balance the books; a person wants to know what became more and less. */
function Legs({ row, title, place }: Names) {
  const { change } = useFormat();
  const legs = row.legs.filter(({ bucket }) => bucket !== "outside" && bucket !== "unclaimed");
  if (legs.length === 0) return "no unit moved";
  return (
    <span>
      {legs.map(({ bucket, location, quantity }) => (
        <span key={`${bucket}@${location}`} style={{ display: "block" }}>
          {`${change(quantity)} ${bucketText(bucket, title).toLowerCase()}`}
          {location === "" ? "" : ` at ${place(location)}`}
        </span>
      ))}
    </span>
  );
}

function Older({ page }: { page: ItemPage }) {
  const [, setSearch] = useSearchParams();
  const { older, newest } = page;
  if (older === undefined && newest) return null;
  const go = (search: Record<string, string>) => setSearch(search, { preventScrollReset: true });
  return (
    <Box padding="300" borderBlockStartWidth="025" borderColor="border-secondary">
      <InlineStack align="center" gap="200">
        <Button disabled={newest} onClick={() => go({})}>
          Newest
        </Button>
        <Button
          disabled={older === undefined}
          onClick={() => go({ before: String(older) })}
          accessibilityLabel="Older movements"
        >
          Older
        </Button>
      </InlineStack>
    </Box>
  );
}
