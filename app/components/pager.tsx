import { useSearchParams } from "@remix-run/react";
import { Box, InlineStack, Pagination } from "@shopify/polaris";
import type { ReactNode } from "react";

/** Where the page before and the page after begin; null = there is none. */
export interface PageEnds {
  previous: string | null;
  next: string | null;
}

interface Props {
  /** What a screen reader calls it: "Pages of items". */
  label: string;
  ends: PageEnds;
  /** What stands beside it. Without it, one page that is all of them needs no pager. */
  children?: ReactNode;
}

/** To the page before and the page after of a list, in the address that it is at. */
export function Pager({ label, ends: { previous, next }, children }: Props) {
  const [search, setSearch] = useSearchParams();
  if (previous === null && next === null && !children) return null;
  const go = (name: "after" | "before", place: string | null) => {
    if (place === null) return;
    const changed = new URLSearchParams(search);
    changed.delete("after");
    changed.delete("before");
    changed.set(name, place);
    setSearch(changed);
  };
  return (
    <Box padding="300" borderBlockStartWidth="025" borderColor="border-secondary">
      <InlineStack align="center" gap="400" blockAlign="center">
        {previous === null && next === null ? null : (
          <Pagination
            accessibilityLabel={label}
            hasPrevious={previous !== null}
            onPrevious={() => go("before", previous)}
            hasNext={next !== null}
            onNext={() => go("after", next)}
          />
        )}
        {children}
      </InlineStack>
    </Box>
  );
}
