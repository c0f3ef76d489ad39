import type { ListedItem } from "../../prisma/item-rows.ts";
import type { ChannelColumn } from "../access/merchant.server.ts";
import { EVERY_ITEM, itemsUrl } from "../items/item-search.ts";
import { foundText } from "../items/items-texts.ts";
import { useFormat } from "../use-format.ts";
import { ItemsCard } from "./items-card.tsx";
import { ATTENTION_CARD_WORDS } from "./part-texts.ts";

interface Props {
  rows: ListedItem[];
  found: { count: number; more: boolean };
  columns: ChannelColumn[];
}

/** The items behind the summary's numbers, the worst first. */
export function AttentionCard({ rows, found, columns }: Props) {
  const format = useFormat();
  const others = rows.length < found.count || found.more;
  return (
    <ItemsCard
      title={ATTENTION_CARD_WORDS.itemsThatNeedAttention}
      about={ATTENTION_CARD_WORDS.about}
      more={
        others
          ? {
              url: itemsUrl({ ...EVERY_ITEM, show: "attention" }),
              text: `See all: ${foundText(found, format)}`,
            }
          : { url: itemsUrl(EVERY_ITEM), text: "All items" }
      }
      rows={rows}
      columns={columns}
      none={ATTENTION_CARD_WORDS.none}
    />
  );
}
