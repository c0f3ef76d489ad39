import { BlockStack, Button, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { UncountedItem } from "../../prisma/first-counts.ts";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import { TYPED_COUNTS_WORDS } from "./part-texts.ts";
import type { useWelcome } from "./use-welcome.tsx";

interface Props {
  items: UncountedItem[];
  /** Items that nobody has counted: the table has the first of them. */
  left: number;
  place: string;
  fetcher: ReturnType<typeof useWelcome>["fetcher"];
  busy: boolean;
}

/** A number beside each SKU. What is left empty stays uncounted. */
export function TypedCounts({ items, left, place, fetcher, busy }: Props) {
  const { counted } = useFormat();
  const [typed, setTyped] = useState<Record<string, string>>({});
  const some = Object.values(typed).some((text) => text !== "");
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="count-typed" />
      <input type="hidden" name="place" value={place} />
      <BlockStack gap="300">
        <DataTable
          narrow
          caption={TYPED_COUNTS_WORDS.itemsThatNobodyHas}
          columns={[
            { key: "sku", title: "SKU" },
            { key: "title", title: "Item" },
            { key: "units", title: "Units", numeric: true },
          ]}
          rows={items.map(({ id, sku, title }) => ({
            key: id,
            cells: [
              sku,
              title,
              <div key="units" className="units">
                <input type="hidden" name="sku" value={sku} />
                <TextField
                  label={`Units of ${sku}`}
                  labelHidden
                  name="units"
                  type="integer"
                  inputMode="numeric"
                  min={0}
                  value={typed[sku] ?? ""}
                  onChange={(text) => setTyped({ ...typed, [sku]: text })}
                  autoComplete="off"
                />
              </div>,
            ],
          }))}
        />
        <InlineStack gap="300" blockAlign="center">
          <Button submit disabled={!some} loading={busy}>
            {TYPED_COUNTS_WORDS.receiveTheseCounts}
          </Button>
          {left > items.length ? (
            <Text as="span" tone="subdued">
              {TYPED_COUNTS_WORDS.moreAfterTheseA(counted(left - items.length, "item"))}
            </Text>
          ) : null}
        </InlineStack>
      </BlockStack>
    </fetcher.Form>
  );
}
