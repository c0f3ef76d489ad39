import { Form, Link, useSubmit } from "@remix-run/react";
import { BlockStack, Box, InlineStack, Select, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { ListingFilter } from "../../prisma/listing-page.ts";
import { useFormat } from "../use-format.ts";
import { LISTING_FINDER_WORDS } from "./part-texts.ts";

interface Searched {
  q: string;
  show: ListingFilter;
  connection: string;
}

interface Props {
  searched: Searched;
  counts: Record<ListingFilter, number>;
  columns: { connection: string; title: string }[];
}

const FILTERS: [ListingFilter, string][] = [
  ["all", "All"],
  ["unmatched", "Not matched"],
  ["duplicates", "Same SKU twice"],
  ["kits", "Packs and kits"],
  ["marketplace-fulfilled", "Shipped by the marketplace"],
  ["unpushable", "Cannot be pushed"],
  ["drifting", "Another number than told"],
  ["gone", "Gone"],
];

/** Typing pauses this long before it searches. */
const PAUSE_MS = 250;

/** Search by SKU or title, one channel or all, and what is to be done about listings. */
export function ListingFinder({ searched, counts, columns }: Props) {
  const { number } = useFormat();
  const submit = useSubmit();
  const [typed, setTyped] = useState(searched.q);
  const go = (change: Partial<Searched>) =>
    submit(query({ ...searched, q: typed, ...change }), {
      action: "/app/listings",
      replace: true,
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing searches by itself
  useEffect(() => {
    if (typed === searched.q) return;
    const timer = setTimeout(() => go({ q: typed }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, searched.q]);
  return (
    <Box padding="400" borderBlockEndWidth="025" borderColor="border-secondary">
      <BlockStack gap="300">
        <Form method="get" action="/app/listings" role="search">
          <InlineStack gap="300" wrap>
            <div className="grow">
              <TextField
                label={LISTING_FINDER_WORDS.searchBySkuOr}
                labelHidden
                placeholder={LISTING_FINDER_WORDS.searchBySkuOr}
                name="q"
                type="search"
                value={typed}
                onChange={setTyped}
                clearButton
                onClearButtonClick={() => setTyped("")}
                autoComplete="off"
                maxLength={200}
              />
            </div>
            <Select
              label="Channel"
              labelHidden
              name="connection"
              options={[
                { label: "All channels", value: "" },
                ...columns.map((one) => ({ label: one.title, value: one.connection })),
              ]}
              value={searched.connection}
              onChange={(connection) => go({ connection })}
            />
          </InlineStack>
        </Form>
        <nav className="filters" aria-label="Which listings">
          {FILTERS.filter(([show]) => counts[show] > 0 || show === searched.show).map(
            ([show, label]) => (
              <Link
                key={show}
                to={`/app/listings?${query({ ...searched, show })}`}
                aria-current={searched.show === show ? "page" : undefined}
              >
                {`${label} (${number(counts[show])})`}
              </Link>
            ),
          )}
        </nav>
      </BlockStack>
    </Box>
  );
}

function query({ q, show, connection }: Searched): URLSearchParams {
  const wanted = new URLSearchParams();
  if (q !== "") wanted.set("q", q);
  if (show !== "all") wanted.set("show", show);
  if (connection !== "") wanted.set("connection", connection);
  return wanted;
}
