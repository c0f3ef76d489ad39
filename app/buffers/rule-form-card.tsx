import type { FetcherWithComponents } from "@remix-run/react";
import {
  BlockStack,
  Button,
  Card,
  Checkbox,
  FormLayout,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import type { RuleResult } from "./buffers.server.ts";
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

interface FieldProps {
  fields: RuleFields;
  set(name: keyof RuleFields): (value: string) => void;
  errors: Props["errors"];
}

/** Asks for a rule. It is always previewed first; what is saved is what was previewed. */
export function RuleForm(props: Props) {
  const { fetcher, start, editing, onCancel, errors } = props;
  const [fields, setFields] = useState(start);
  const set = (name: keyof RuleFields) => (value: string) =>
    setFields({ ...fields, [name]: value });
  const shared = { fields, set, errors };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {editing ? "Change a rule" : "Add a rule"}
        </Text>
        <fetcher.Form method="post" data-testid="rule">
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

function ScopeFields({ fields, set, errors, editing, categories, columns }: FieldProps & Props) {
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

function PolicyFields({ fields, set, errors }: FieldProps) {
  const percent = fields.kind === "percent";
  return (
    <FormLayout>
      <Select
        label="Kind"
        name="kind"
        options={[
          { value: "percent", label: "Show a percentage" },
          { value: "fixed", label: "Hold back units" },
          { value: "allocated", label: "Only stock set aside for it" },
        ]}
        value={fields.kind}
        onChange={set("kind")}
      />
      {fields.kind === "allocated" ? null : (
        <TextField
          label={percent ? "Percent shown" : "Units held back"}
          name="value"
          suffix={percent ? "%" : undefined}
          inputMode="decimal"
          value={fields.value}
          onChange={set("value")}
          error={errors.value}
          autoComplete="off"
        />
      )}
      <TextField
        label="Hold back at least (optional)"
        name="floor"
        suffix="units"
        inputMode="numeric"
        value={fields.floor}
        onChange={set("floor")}
        error={errors.floor}
        autoComplete="off"
      />
      <TextField
        label="Never show more than (optional)"
        name="cap"
        inputMode="numeric"
        value={fields.cap}
        onChange={set("cap")}
        error={errors.cap}
        autoComplete="off"
      />
      {percent ? (
        <Checkbox
          label="Show the last unit although rounding hides it"
          name="showLastUnit"
          value="on"
          checked={fields.showLastUnit === "on"}
          onChange={(checked) => set("showLastUnit")(checked ? "on" : "")}
        />
      ) : null}
    </FormLayout>
  );
}
