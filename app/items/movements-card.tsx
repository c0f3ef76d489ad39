import { useSearchParams } from "@remix-run/react";
import { Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { ItemPage } from "./item.server.ts";
import { MovementsTable } from "./movements-table.tsx";
import { MOVEMENTS_CARD_WORDS } from "./part-texts.ts";

/** An item's history, newest first: what happened, whose doing it was, and every leg of it. */
export function MovementsCard({ page }: { page: ItemPage }) {
  const { movements, columns, locations } = page;
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          Movements
        </Text>
        {movements.length === 0 ? (
          <Text as="p" tone="subdued">
            {page.newest
              ? MOVEMENTS_CARD_WORDS.nothingHasMovedYet
              : MOVEMENTS_CARD_WORDS.thereAreNoOlder}
          </Text>
        ) : null}
      </Box>
      {movements.length === 0 ? null : (
        <MovementsTable
          caption={MOVEMENTS_CARD_WORDS.movementsNewestFirst}
          rows={movements}
          columns={columns}
          locations={locations}
        />
      )}
      <Older page={page} />
    </Card>
  );
}

function Older({ page }: { page: ItemPage }) {
  const [search, setSearch] = useSearchParams();
  const { older, newest } = page;
  if (older === undefined && newest) return null;
  const go = (before: string | null) => {
    const changed = new URLSearchParams(search);
    if (before === null) changed.delete("before");
    else changed.set("before", before);
    setSearch(changed, { preventScrollReset: true });
  };
  return (
    <Box padding="300" borderBlockStartWidth="025" borderColor="border-secondary">
      <InlineStack align="center" gap="200">
        <Button disabled={newest} onClick={() => go(null)}>
          Newest
        </Button>
        <Button
          disabled={older === undefined}
          onClick={() => go(String(older))}
          accessibilityLabel="Older movements"
        >
          Older
        </Button>
      </InlineStack>
    </Box>
  );
}
