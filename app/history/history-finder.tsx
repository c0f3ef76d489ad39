import { Form, useNavigation } from "@remix-run/react";
import {
  BlockStack,
  Box,
  Button,
  InlineGrid,
  InlineStack,
  Select,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { MOVEMENT_TYPES } from "../../inventory/movement.ts";
import { movementText } from "../texts.ts";
import type { HistorySearch } from "./history-search.ts";
import { HISTORY_FINDER_WORDS } from "./part-texts.ts";

interface Props {
  searched: HistorySearch;
  actors: { value: string; label: string }[];
  columns: { channel: string; title: string }[];
}

const NOTHING: HistorySearch = { q: "", type: "", channel: "", who: "", from: "", to: "" };

/** Narrows the history; a form of its own, which also works before the page's script is there. */
export function HistoryFinder({ searched, actors, columns }: Props) {
  const [fields, setFields] = useState(searched);
  const busy = useNavigation().state === "loading";
  const set = (name: keyof HistorySearch) => (value: string) =>
    setFields({ ...fields, [name]: value });
  const channels = new Map(columns.map(({ channel, title }) => [channel, title]));
  const all = { value: "", label: "All" };
  return (
    <Box padding="400" borderBlockEndWidth="025" borderColor="border-secondary">
      <Form method="get" action="/app/history" role="search">
        <BlockStack gap="300">
          <TextField
            label={HISTORY_FINDER_WORDS.skuTitleBarcodeOrder}
            name="q"
            type="search"
            value={fields.q}
            onChange={set("q")}
            clearButton
            onClearButtonClick={() => set("q")("")}
            autoComplete="off"
            maxLength={200}
          />
          <InlineGrid columns={{ xs: 2, md: 5 }} gap="200">
            <Select
              label="What"
              name="type"
              options={[all, ...MOVEMENT_TYPES.map((one) => option(one, movementText(one)))]}
              value={fields.type}
              onChange={set("type")}
            />
            <Select
              label="Channel"
              name="channel"
              options={[all, ...[...channels].map(([value, label]) => option(value, label))]}
              value={fields.channel}
              onChange={set("channel")}
            />
            <Select
              label="Who"
              name="who"
              options={[all, ...actors]}
              value={fields.who}
              onChange={set("who")}
            />
            <Day label="From" name="from" value={fields.from} onChange={set("from")} />
            <Day label="Until" name="to" value={fields.to} onChange={set("to")} />
          </InlineGrid>
          <InlineStack gap="200">
            <Button submit variant="primary" loading={busy}>
              Search
            </Button>
            <Button url="/app/history" onClick={() => setFields(NOTHING)}>
              Clear
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Box>
  );
}

const option = (value: string, label: string) => ({ value, label });

function Day({
  label,
  name,
  value,
  onChange,
}: {
  label: string;
  name: string;
  value: string;
  onChange(value: string): void;
}) {
  return (
    <TextField
      label={label}
      name={name}
      type="date"
      value={value}
      onChange={onChange}
      autoComplete="off"
    />
  );
}
