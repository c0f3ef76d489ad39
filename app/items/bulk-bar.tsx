import { BlockStack, Box, Button, Checkbox, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useCan } from "../access/use-person.ts";
import { DownloadButton } from "../files/download-button.tsx";
import { mayImport } from "../files/import-kind.ts";
import { useFormat } from "../use-format.ts";
import { BulkForm } from "./bulk-form.tsx";
import { BULK_ACTIONS, type BulkAction, chooseAllText, chosenText } from "./bulk-texts.ts";
import { type ItemSearch, itemParams, MOST_CHOSEN } from "./item-search.ts";
import { BULK_BAR_WORDS } from "./part-texts.ts";
import type { ItemsChoice } from "./use-items-choice.ts";

interface Props {
  choice: ItemsChoice;
  /** Ids of the items on the page. */
  shown: readonly string[];
  found: { count: number; more: boolean };
  searched: ItemSearch;
  categories: string[];
  columns: { channel: string; title: string }[];
}

/** Whether there is anything that somebody may do with items he has chosen. */
export function useMayChoose(): boolean {
  const can = useCan();
  return can("data.export") || mayImport(can, "items") || mayImport(can, "buffers");
}

/** Chooses the page's items or all that match, and offers what can be done with those chosen. */
export function BulkBar(props: Props) {
  const { choice, searched, categories, columns } = props;
  const [action, setAction] = useState<BulkAction>();
  const none = !choice.all && choice.items.length === 0;
  return (
    <section className="bulk-bar" aria-label="Chosen items">
      <Box padding="300" borderBlockEndWidth="025" borderColor="border-secondary">
        <BlockStack gap="300">
          <InlineStack gap="300" blockAlign="center">
            <PageBox {...props} />
            <Count {...props} />
            {none ? null : (
              <Actions choice={choice} searched={searched} chosen={action} onChoose={setAction} />
            )}
          </InlineStack>
          {none || !action ? null : (
            <BulkForm
              key={action}
              action={action}
              {...{ choice, searched, categories, columns }}
              onClose={() => setAction(undefined)}
            />
          )}
        </BlockStack>
      </Box>
    </section>
  );
}

/** Chooses all of the page, or none of it. */
function PageBox({ choice, shown }: Pick<Props, "choice" | "shown">) {
  const chosen = shown.filter((item) => choice.has(item)).length;
  const every = shown.length > 0 && chosen === shown.length;
  return (
    <Checkbox
      label={BULK_BAR_WORDS.chooseThisPage}
      checked={every || (chosen > 0 && "indeterminate")}
      disabled={shown.length === 0}
      onChange={() => (choice.all ? choice.clear() : choice.set(shown, !every))}
    />
  );
}

/** How many are chosen, and the way to all of them. */
function Count({ choice, found }: Pick<Props, "choice" | "found">) {
  const format = useFormat();
  const { all, items } = choice;
  const none = !all && items.length === 0;
  const beyond = found.more || found.count > items.length;
  return (
    <>
      <span role="status">
        {none ? null : <Text as="span">{chosenText(choice, found, format)}</Text>}
        {items.length >= MOST_CHOSEN ? (
          <Text as="span" tone="subdued">
            {BULK_BAR_WORDS.noMoreCanBe}
          </Text>
        ) : null}
      </span>
      {none || all || !beyond ? null : (
        <Button variant="plain" onClick={choice.chooseAll}>
          {chooseAllText(found, format)}
        </Button>
      )}
      {none ? null : (
        <Button variant="plain" onClick={choice.clear}>
          Choose none
        </Button>
      )}
    </>
  );
}

interface ActionsProps {
  choice: ItemsChoice;
  searched: ItemSearch;
  chosen: BulkAction | undefined;
  onChoose(action: BulkAction | undefined): void;
}

function Actions({ choice, searched, chosen, onChoose }: ActionsProps) {
  const can = useCan();
  const actions: BulkAction[] = [
    ...(mayImport(can, "items") ? (["category"] as const) : []),
    ...(mayImport(can, "buffers") ? (["rule", "unrule"] as const) : []),
  ];
  return (
    <>
      {actions.map((action) => (
        <Button
          key={action}
          pressed={chosen === action}
          onClick={() => onChoose(chosen === action ? undefined : action)}
        >
          {BULK_ACTIONS[action]}
        </Button>
      ))}
      {can("data.export") ? (
        <DownloadButton url={fileOf(choice, searched)} name="items.csv">
          Export CSV
        </DownloadButton>
      ) : null}
    </>
  );
}

function fileOf({ all, items }: ItemsChoice, searched: ItemSearch): string {
  const params = all ? itemParams(searched) : new URLSearchParams({ items: items.join(",") });
  return `/app/items.csv?${params}`;
}
