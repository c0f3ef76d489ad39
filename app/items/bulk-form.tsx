import { useFetcher } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  FormLayout,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { PolicyFields } from "../buffers/policy-fields.tsx";
import { EMPTY_RULE, type RuleFields } from "../buffers/rule-fields.ts";
import { useOnward } from "../components/use-onward.ts";
import type { BulkResult } from "./bulk.server.ts";
import { BULK_ACTIONS, BULK_HELP, BULK_NEXT, type BulkAction } from "./bulk-texts.ts";
import { type ItemSearch, itemParams } from "./item-search.ts";
import { BULK_FORM_WORDS } from "./part-texts.ts";
import type { ItemsChoice } from "./use-items-choice.ts";

interface Props {
  action: BulkAction;
  choice: ItemsChoice;
  searched: ItemSearch;
  categories: string[];
  columns: { channel: string; title: string }[];
  onClose(): void;
}

/** Asks for what is to be done with the chosen items. It is looked at on the batch's page first. */
export function BulkForm(props: Props) {
  const { action, choice, searched, onClose } = props;
  const fetcher = useFetcher<BulkResult>();
  const { data } = fetcher;
  const begun = data?.outcome === "bulk-begun" ? data.batch : undefined;
  useOnward(fetcher, begun === undefined ? undefined : `/app/batches/${begun}`);
  const form = useFirstField();
  const errors = data?.outcome === "bulk-invalid" ? data.errors : {};
  return (
    <fetcher.Form method="post" ref={form} aria-label={BULK_ACTIONS[action]}>
      <input type="hidden" name="intent" value="bulk" />
      <input type="hidden" name="do" value={action} />
      <input type="hidden" name="all" value={choice.all ? "on" : ""} />
      <input type="hidden" name="items" value={choice.items.join(",")} />
      <input type="hidden" name="search" value={itemParams(searched).toString()} />
      <BlockStack gap="300">
        <Text as="p" tone="subdued">
          {`${BULK_HELP[action]} ${BULK_NEXT}`}
        </Text>
        <Fields {...props} errors={errors} />
        <div role="status">
          {data?.outcome === "bulk-refused" ? <Banner tone="warning">{data.why}</Banner> : null}
        </div>
        <InlineStack gap="200">
          <Button submit variant="primary" loading={fetcher.state !== "idle" || !!begun}>
            Preview
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </InlineStack>
      </BlockStack>
    </fetcher.Form>
  );
}

/** Who opens a form wants to fill it in: the keyboard is in its first field. */
function useFirstField() {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("select, input:not([type=hidden])")?.focus();
  }, []);
  return form;
}

function Fields(props: Props & { errors: Partial<Record<string, string>> }) {
  switch (props.action) {
    case "category":
      return <CategoryFields categories={props.categories} error={props.errors.category} />;
    case "rule":
      return <RuleFieldsOfItems columns={props.columns} errors={props.errors} />;
    case "unrule":
      return <ChannelField columns={props.columns} every="Any channel" />;
  }
}

const NEW = " new";
const NONE = " none";

function CategoryFields({
  categories,
  error,
}: {
  categories: string[];
  error: string | undefined;
}) {
  const [chosen, setChosen] = useState(categories[0] ?? NEW);
  const [typed, setTyped] = useState("");
  return (
    <>
      <FormLayout>
        <Select
          label="Category"
          options={[
            ...categories.map((value) => ({ value, label: value })),
            { value: NEW, label: "A new one" },
            { value: NONE, label: "No category" },
          ]}
          value={chosen}
          onChange={setChosen}
        />
        {chosen === NEW ? (
          <TextField
            label={BULK_FORM_WORDS.nameOfTheNew}
            name="category"
            value={typed}
            onChange={setTyped}
            maxLength={200}
            error={error}
            autoComplete="off"
          />
        ) : null}
      </FormLayout>
      {chosen === NONE ? <input type="hidden" name="none" value="on" /> : null}
      {chosen !== NEW && chosen !== NONE ? (
        <input type="hidden" name="category" value={chosen} />
      ) : null}
    </>
  );
}

function ChannelField({ columns, every }: { columns: Props["columns"]; every: string }) {
  const channels = new Map(columns.map(({ channel, title }) => [channel, title]));
  const [channel, setChannel] = useState("");
  return (
    <Select
      label="Channel"
      name="channel"
      options={[
        { value: "", label: every },
        ...[...channels].map(([value, label]) => ({ value, label })),
      ]}
      value={channel}
      onChange={setChannel}
    />
  );
}

function RuleFieldsOfItems({
  columns,
  errors,
}: {
  columns: Props["columns"];
  errors: Partial<Record<string, string>>;
}) {
  const [fields, setFields] = useState(EMPTY_RULE);
  const set = (name: keyof RuleFields) => (value: string) =>
    setFields({ ...fields, [name]: value });
  return (
    <FormLayout>
      <ChannelField columns={columns} every="All channels" />
      <PolicyFields fields={fields} set={set} errors={errors} />
    </FormLayout>
  );
}
