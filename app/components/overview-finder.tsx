import { Form, Link, useNavigation, useSearchParams, useSubmit } from "@remix-run/react";
import {
  BlockStack,
  Box,
  InlineStack,
  Pagination,
  Spinner,
  Text,
  TextField,
} from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { useEffect, useState } from "react";
import type { OverviewFilter } from "../../prisma/overview.ts";
import type { ShopSummary } from "../../prisma/shop-summary.ts";
import { useFormat } from "../use-format.ts";

interface Searched {
  q: string;
  show: OverviewFilter;
}

/** Typing pauses this long before it searches. */
const PAUSE_MS = 250;

/** Search by SKU or title, and the filters behind the summary's numbers. */
export function OverviewFinder({
  searched,
  summary,
  found,
}: {
  searched: Searched;
  summary: ShopSummary;
  found: number;
}) {
  const { counted } = useFormat();
  const busy = useNavigation().state === "loading";
  return (
    <Box padding="400" borderBlockEndWidth="025" borderColor="border-secondary">
      <BlockStack gap="300">
        <SearchField searched={searched} />
        <InlineStack gap="300" align="space-between" blockAlign="center">
          <Filters searched={searched} summary={summary} />
          <InlineStack gap="200" blockAlign="center">
            {busy ? <Spinner size="small" accessibilityLabel="Searching" /> : null}
            <span role="status">
              <Text as="span" tone="subdued">
                {counted(found, "item")}
              </Text>
            </span>
          </InlineStack>
        </InlineStack>
      </BlockStack>
    </Box>
  );
}

/** A form of its own, so that it also works before the page's script has loaded. */
function SearchField({ searched }: { searched: Searched }) {
  const [typed, setTyped] = useState(searched.q);
  const submit = useSubmit();
  const { q, show } = searched;
  useEffect(() => {
    if (typed === q) return;
    const search = new URLSearchParams(show === "all" ? { q: typed } : { q: typed, show });
    const timer = setTimeout(() => submit(search, { action: "/app", replace: true }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, q, show, submit]);
  return (
    <Form method="get" action="/app" role="search">
      {show === "all" ? null : <input type="hidden" name="show" value={show} />}
      <TextField
        label="Search by SKU or title"
        labelHidden
        placeholder="Search by SKU or title"
        name="q"
        type="search"
        value={typed}
        onChange={setTyped}
        clearButton
        onClearButtonClick={() => setTyped("")}
        prefix={<SearchIcon width={18} height={18} fill="currentColor" aria-hidden />}
        autoComplete="off"
        maxLength={200}
      />
    </Form>
  );
}

function Filters({ searched, summary }: { searched: Searched; summary: ShopSummary }) {
  const { number } = useFormat();
  const filters: [OverviewFilter, string][] = [
    ["all", "All"],
    ["oversold", `Oversold (${number(summary.oversold)})`],
    ["late", `Late (${number(summary.late)})`],
    ["failing", `Failing (${number(summary.failing)})`],
  ];
  return (
    <nav className="filters" aria-label="Which items">
      {filters.map(([filter, label]) => (
        <Link
          key={filter}
          to={`/app?${new URLSearchParams({ q: searched.q, show: filter })}`}
          aria-current={searched.show === filter ? "page" : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

/** To the page before and the page after, by the SKUs at this page's ends. */
export function Pager({
  page,
  searched,
}: {
  page: { rows: { sku: string }[]; hasPrevious: boolean; hasNext: boolean };
  searched: Searched;
}) {
  const [, setSearch] = useSearchParams();
  const { rows, hasPrevious, hasNext } = page;
  const first = rows[0]?.sku;
  const last = rows.at(-1)?.sku;
  if (!hasPrevious && !hasNext) return null;
  return (
    <Box padding="300" borderBlockStartWidth="025" borderColor="border-secondary">
      <InlineStack align="center">
        <Pagination
          label="By SKU"
          hasPrevious={hasPrevious}
          onPrevious={() => setSearch(first ? { ...searched, before: first } : { ...searched })}
          hasNext={hasNext && last !== undefined}
          onNext={() => last && setSearch({ ...searched, after: last })}
        />
      </InlineStack>
    </Box>
  );
}
