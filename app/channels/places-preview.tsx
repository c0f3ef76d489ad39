import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { ChangeTable } from "../guard/change-table.tsx";
import { GuardQuestion } from "../guard/guard-question.tsx";
import { PLACES_PREVIEW_WORDS } from "./part-texts.ts";
import type { PlacesResult } from "./places.server.ts";
import type { PlacesView } from "./places.ts";
import { PLACES_TEXTS as T } from "./places-texts.ts";

interface Props {
  view: PlacesView;
  result: Extract<PlacesResult, { outcome: "preview" }>;
  busy: boolean;
  onConfirm(digest: string): void;
  onCancel(): void;
}

/** What moving the numbers to another place does, before it is done. Row H4. */
export function PlacesPreview({ view, result, busy, onConfirm, onCancel }: Props) {
  const { chosen, radius } = result;
  const name = view.places?.find(({ id }) => id === chosen.told)?.name ?? chosen.told;
  const stops = radius.outcome === "stop";
  return (
    <BlockStack gap="300">
      <Text as="p">{T.preview(view, name)}</Text>
      {stops ? (
        <GuardQuestion
          radius={radius}
          what="listing"
          label={T.confirm(name)}
          busy={busy}
          onConfirm={onConfirm}
        />
      ) : null}
      {radius.changed > 0 ? (
        <ChangeTable
          caption={PLACES_PREVIEW_WORDS.whatGoesToWhere}
          changes={radius.largest}
          title={() => view.title}
        />
      ) : null}
      <InlineStack gap="200">
        {stops ? null : (
          <Button variant="primary" loading={busy} onClick={() => onConfirm(radius.digest)}>
            {T.confirm(name)}
          </Button>
        )}
        <Button onClick={onCancel}>{T.cancel}</Button>
      </InlineStack>
    </BlockStack>
  );
}
