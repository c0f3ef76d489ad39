import type { FetcherWithComponents } from "@remix-run/react";
import {
  BlockStack,
  Button,
  Card,
  FormLayout,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useRef, useState } from "react";
import { useUnsaved } from "../components/unsaved.tsx";
import type { RuleResult } from "./buffers.server.ts";
import { PolicyFields, type RuleFieldProps } from "./policy-fields.tsx";
import type { RuleFields } from "./rule-fields.ts";

interface Props {
  fetcher: FetcherWithComponents<RuleResult>;
  start: RuleFields;
  /** An existing rule keeps what it applies to; another scope is another rule. */
  editing: boolean;
  onCancel(): void;
  categories: string[];
  columns: { channel: string; title: string }[];
  errors: Partial<Record<string, string>>;
}

/** Asks for a rule. It is always previewed first; what is saved is what was previewed. */
export function RuleForm(props: Props) {
  const { fetcher, start, editing, onCancel, errors } = props;
  const [fields, setFields] = useState(start);
  const set = (name: keyof RuleFields) => (value: string) =>
    setFields({ ...fields, [name]: value });
  const shared = { fields, set, errors };
  const form = useRef<HTMLFormElement>(null);
  useUnsaved({
    dirty: JSON.stringify(fields) !== JSON.stringify(start),
    saving: fetcher.state !== "idle",
    save: () => fetcher.submit(form.current),
    discard: () => setFields(start),
    label: "Preview",
  });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {editing ? "Change a rule" : "Add a rule"}
        </Text>
        <fetcher.Form method="post" data-testid="rule" ref={form}>
          <input type="hidden" name="intent" value="preview" />
          <FormLayout>
            <ScopeFields {...shared} {...props} />
            <PolicyFields {...shared} />
            <InlineStack gap="200">
              <Button submit variant="primary" loading={fetcher.state !== "idle"}>
                Preview
              </Button>
              {editing ? <Button onClick={onCancel}>Cancel</Button> : null}
            </InlineStack>
          </FormLayout>
        </fetcher.Form>
      </BlockStack>
    </Card>
  );
}

function ScopeFields({
  fields,
  set,
  errors,
  editing,
  categories,
  columns,
}: RuleFieldProps & Props) {
  const channels = new Map(columns.map(({ channel, title }) => [channel, title]));
  return (
    <FormLayout>
      {editing ? <FixedScope fields={fields} /> : null}
      <Select
        label="Channel"
        name="channel"
        disabled={editing}
        options={[
          { value: "", label: "All channels" },
          ...[...channels].map(([value, label]) => ({ value, label })),
        ]}
        value={fields.channel}
        onChange={set("channel")}
      />
      <Select
        label="Applies to"
        name="level"
        disabled={editing}
        options={[
          { value: "channel", label: "Every item" },
          { value: "category", label: "One category" },
          { value: "sku", label: "One SKU" },
        ]}
        value={fields.level}
        onChange={set("level")}
      />
      {fields.level === "category" ? (
        <Select
          label="Category"
          name="category"
          disabled={editing}
          placeholder="Choose a category"
          options={categories.map((value) => ({ value, label: value }))}
          value={fields.category}
          onChange={set("category")}
          error={errors.category}
        />
      ) : null}
      {fields.level === "sku" ? (
        <TextField
          label="SKU"
          name="sku"
          disabled={editing}
          value={fields.sku}
          onChange={set("sku")}
          error={errors.sku}
          autoComplete="off"
        />
      ) : null}
    </FormLayout>
  );
}

/** A disabled field is not sent with its form. */
function FixedScope({ fields }: { fields: RuleFields }) {
  const names = ["channel", "level", "category", "sku"] as const;
  return names.map((name) => <input key={name} type="hidden" name={name} value={fields[name]} />);
}
