import { Banner, BlockStack, Button, InlineStack } from "@shopify/polaris";
import type { BlastRadius } from "../../inventory/blast-radius.ts";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import type { LiveChange } from "./dry-run.server.ts";
import { SECOND_LOOK_WORDS } from "./part-texts.ts";
import { stopText } from "./welcome-texts.ts";

interface Props {
  radius: BlastRadius<LiveChange>;
  titles: Record<string, string>;
  busy: boolean;
  onConfirm(digest: string): void;
}

/** Too much would change for one click: the list, and a second one. Row H4. */
export function SecondLook({ radius, titles, busy, onConfirm }: Props) {
  const { number } = useFormat();
  return (
    <BlockStack gap="300">
      <Banner tone="critical" title={SECOND_LOOK_WORDS.aLargePartOf}>
        {stopText(radius)}
      </Banner>
      <DataTable
        caption={SECOND_LOOK_WORDS.theLargestChanges}
        columns={[
          { key: "sku", title: "Listing" },
          { key: "channel", title: "Channel" },
          { key: "before", title: "Shows now", numeric: true },
          { key: "after", title: "Would show", numeric: true },
        ]}
        rows={radius.largest.map((row) => ({
          key: row.id,
          cells: [
            row.sku || row.title,
            titles[row.connection] ?? row.channel,
            number(row.before),
            number(row.after),
          ],
        }))}
      />
      <InlineStack>
        <Button
          tone="critical"
          variant="primary"
          loading={busy}
          onClick={() => onConfirm(radius.digest)}
        >
          {SECOND_LOOK_WORDS.yesGoLiveWith}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
