import { BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { Format } from "../../inventory/format.ts";
import type { RulePreview } from "../../jobs/rule-preview.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { DownloadButton } from "../files/download-button.tsx";
import { useFormat } from "../use-format.ts";
import { ChangeTable } from "./change-table.tsx";
import { GuardQuestion } from "./guard-question.tsx";
import { PREVIEW_CARD_WORDS } from "./part-texts.ts";

interface Props {
  heading: string;
  /** What the button says that makes it so. */
  button: string;
  critical?: boolean;
  preview: RulePreview;
  columns: { channel: string; title: string }[];
  busy: boolean;
  /** Told the digest of the list that was seen. */
  onConfirm(digest: string): void;
  onCancel?: () => void;
  /** Where the whole list is, as a file. */
  file?: string;
}

/**
 * Which listings a change would change, and how, with the button that makes it so. What reaches far
 * asks for a second look (row H4).
 */
export function PreviewCard(props: Props) {
  const { heading, preview, columns, button, critical, busy, onConfirm, onCancel, file } = props;
  const format = useFormat();
  const { radius } = preview;
  const stops = radius.outcome === "stop";
  return (
    <BlockStack gap="400">
      {stops ? (
        <GuardQuestion
          radius={radius}
          what="listing"
          label={PREVIEW_CARD_WORDS.allTheSame(button)}
          busy={busy}
          onConfirm={onConfirm}
        />
      ) : null}
      <Card padding="0">
        <Box padding="400">
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {heading}
            </Text>
            <Text as="p">{sentence(preview, format)}</Text>
            <InlineStack gap="200">
              {stops ? null : (
                <Button
                  variant="primary"
                  tone={critical ? "critical" : undefined}
                  loading={busy}
                  onClick={() => onConfirm(radius.digest)}
                >
                  {button}
                </Button>
              )}
              {file && radius.changed > 0 ? (
                <DownloadButton url={file} name="listings-that-change.csv">
                  {PREVIEW_CARD_WORDS.downloadTheListCsv}
                </DownloadButton>
              ) : null}
              {onCancel ? <Button onClick={onCancel}>Cancel</Button> : null}
            </InlineStack>
          </BlockStack>
        </Box>
        {radius.changed > 0 ? (
          <ChangeTable
            caption={PREVIEW_CARD_WORDS.theLargestChanges}
            changes={radius.largest}
            title={channelTitle(columns)}
          />
        ) : null}
      </Card>
    </BlockStack>
  );
}

function sentence({ covered, radius }: RulePreview, { counted, number }: Format): string {
  const { changed, before, after } = radius;
  const of = counted(covered, "listing");
  if (changed === 0) return `None of the ${of} it covers changes now.`;
  const total = `together they would show ${number(after)} instead of ${number(before)}`;
  return `${number(changed)} of the ${of} it covers change; ${total}.`;
}
