import { Form, Link, useNavigation, useSubmit } from "@remix-run/react";
import {
  BlockStack,
  Box,
  InlineGrid,
  InlineStack,
  Select,
  Spinner,
  Text,
  TextField,
} from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { type ReactNode, useEffect, useState } from "react";
import type { ItemFilter, ItemSort } from "../../prisma/item-list.ts";
import { useFormat } from "../use-format.ts";
import { type ItemSearch, itemParams, itemsUrl } from "./item-search.ts";
import { FILTER_TITLES, foundText, SORT_TITLES } from "./items-texts.ts";
import { ITEMS_FINDER_WORDS } from "./part-texts.ts";

/** Typing pauses this long before it searches. */
const PAUSE_MS = 250;

interface Props {
  searched: ItemSearch;
  found: { count: number; more: boolean };
  categories: string[];
  columns: { connection: string; title: string }[];
  /** What stands beside the search field. */
  children?: ReactNode;
}

/** Finds items: by a part of their names, by what is wrong with them, by category and channel. */
export function ItemsFinder({ searched, found, categories, columns, children }: Props) {
  const submit = useSubmit();
  const format = useFormat();
  const busy = useNavigation().state === "loading";
  const go = (change: Partial<ItemSearch>) =>
    submit(itemParams({ ...searched, ...change }), {
      ...{ action: "/app/items", replace: true, preventScrollReset: true },
    });
  return (
    <Box padding="400" borderBlockEndWidth="025" borderColor="border-secondary">
      <BlockStack gap="300">
        <InlineStack gap="200" wrap={false} blockAlign="start">
          <SearchField searched={searched} onSearch={(q) => go({ q })} />
          {children}
        </InlineStack>
        <nav className="filters" aria-label="Which items">
          {Object.entries(FILTER_TITLES).map(([show, label]) => (
            <Link
              key={show}
              to={itemsUrl({ ...searched, show: show as ItemFilter })}
              aria-current={searched.show === show ? "page" : undefined}
              preventScrollReset
            >
              {label}
            </Link>
          ))}
        </nav>
        <Narrowing searched={searched} categories={categories} columns={columns} go={go} />
        <InlineStack gap="200" blockAlign="center">
          <span role="status">
            <Text as="span" tone="subdued">
              {foundText(found, format)}
            </Text>
          </span>
          {busy ? <Spinner size="small" accessibilityLabel="Searching" /> : null}
        </InlineStack>
      </BlockStack>
    </Box>
  );
}

/** A form of its own, so that it also works before the page's script has loaded. */
function SearchField({ searched, onSearch }: { searched: ItemSearch; onSearch(q: string): void }) {
  const [typed, setTyped] = useState(searched.q);
  // Somebody else changed it: a saved view, or the way back.
  const [told, setTold] = useState(searched.q);
  if (told !== searched.q) {
    setTold(searched.q);
    if (typed.trim() === told) setTyped(searched.q);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing searches by itself
  useEffect(() => {
    if (typed.trim() === searched.q) return;
    const timer = setTimeout(() => onSearch(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, searched.q]);
  const others = [...itemParams({ ...searched, q: "" })];
  return (
    <div className="grow">
      <Form method="get" action="/app/items" role="search">
        {others.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <TextField
          label={ITEMS_FINDER_WORDS.searchBySkuTitle}
          labelHidden
          placeholder={ITEMS_FINDER_WORDS.searchBySkuTitle}
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
    </div>
  );
}

function Narrowing({
  searched,
  categories,
  columns,
  go,
}: Pick<Props, "searched" | "categories" | "columns"> & {
  go(change: Partial<ItemSearch>): void;
}) {
  const { category, channel, show, sort, descending } = searched;
  return (
    <InlineGrid columns={{ xs: 2, md: show === "low" ? 4 : 3 }} gap="200">
      <Select
        label="Category"
        options={[
          { label: "All", value: "" },
          ...categories.map((value) => ({ label: value, value })),
        ]}
        value={category}
        onChange={(value) => go({ category: value })}
      />
      <Select
        label="Listed on"
        options={[
          { label: "All", value: "" },
          ...columns.map((one) => ({ label: one.title, value: one.connection })),
        ]}
        value={channel}
        onChange={(value) => go({ channel: value })}
      />
      <Select
        label="Sort by"
        options={SORT_TITLES.map(([value, label]) => ({ value, label }))}
        value={`${descending ? "-" : ""}${sort}`}
        onChange={(value) => {
          const [minus = "", name = ""] = /^(-?)(.*)$/.exec(value)?.slice(1) ?? [];
          go({ sort: name as ItemSort, descending: minus !== "" });
        }}
      />
      {show === "low" ? <Below below={searched.below} go={go} /> : null}
    </InlineGrid>
  );
}

function Below({ below, go }: { below: number; go(change: Partial<ItemSearch>): void }) {
  const [typed, setTyped] = useState(String(below));
  const units = Number(typed);
  const change = () => {
    if (Number.isInteger(units) && units >= 1 && units !== below) go({ below: units });
  };
  return (
    <TextField
      label={ITEMS_FINDER_WORDS.lowMeansUpTo}
      type="integer"
      min={1}
      suffix="available"
      value={typed}
      onChange={setTyped}
      onBlur={change}
      autoComplete="off"
    />
  );
}
