import { useNavigate } from "@remix-run/react";
import { Box, InlineStack, Pagination, Select } from "@shopify/polaris";
import { type ItemSearch, itemsUrl, PAGE_SIZES } from "./item-search.ts";

interface Props {
  page: { previous: string | null; next: string | null };
  searched: ItemSearch;
}

/** To the page before and the page after, and how long a page is. */
export function ItemsPager({ page: { previous, next }, searched }: Props) {
  const navigate = useNavigate();
  const go = (place: Record<string, string>) => navigate(itemsUrl(searched, place));
  return (
    <Box padding="300" borderBlockStartWidth="025" borderColor="border-secondary">
      <InlineStack align="center" gap="400" blockAlign="center">
        <Pagination
          accessibilityLabel="Pages of items"
          hasPrevious={previous !== null}
          onPrevious={() => previous !== null && go({ before: previous })}
          hasNext={next !== null}
          onNext={() => next !== null && go({ after: next })}
        />
        <Select
          label="Items per page"
          labelInline
          options={PAGE_SIZES.map((size) => ({ value: String(size), label: String(size) }))}
          value={String(searched.size)}
          onChange={(size) => navigate(itemsUrl({ ...searched, size: Number(size) }))}
        />
      </InlineStack>
    </Box>
  );
}
