import { useNavigate } from "@remix-run/react";
import { Select } from "@shopify/polaris";
import { type PageEnds, Pager } from "../components/pager.tsx";
import { type ItemSearch, itemsUrl, PAGE_SIZES } from "./item-search.ts";
import { ITEMS_PAGER_WORDS } from "./part-texts.ts";

interface Props {
  ends: PageEnds;
  searched: ItemSearch;
}

/** To the page before and the page after, and how long a page is. */
export function ItemsPager({ ends, searched }: Props) {
  const navigate = useNavigate();
  return (
    <Pager label={ITEMS_PAGER_WORDS.pagesOfItems} ends={ends}>
      <Select
        label={ITEMS_PAGER_WORDS.itemsPerPage}
        labelInline
        options={PAGE_SIZES.map((size) => ({ value: String(size), label: String(size) }))}
        value={String(searched.size)}
        onChange={(size) => navigate(itemsUrl({ ...searched, size: Number(size) }))}
      />
    </Pager>
  );
}
