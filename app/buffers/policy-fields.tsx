import { Checkbox, FormLayout, Select, TextField } from "@shopify/polaris";
import { POLICY_FIELDS_WORDS } from "./part-texts.ts";
import type { RuleFields } from "./rule-fields.ts";

export interface RuleFieldProps {
  fields: RuleFields;
  set(name: keyof RuleFields): (value: string) => void;
  /** A sentence for each field that is wrong. */
  errors: Partial<Record<string, string>>;
}

/** How much is not shown, and the limits around it. */
export function PolicyFields({ fields, set, errors }: RuleFieldProps) {
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
          label={percent ? "Percent shown" : POLICY_FIELDS_WORDS.unitsHeldBack}
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
        label={POLICY_FIELDS_WORDS.holdBackAtLeast}
        name="floor"
        suffix="units"
        inputMode="numeric"
        value={fields.floor}
        onChange={set("floor")}
        error={errors.floor}
        autoComplete="off"
      />
      <TextField
        label={POLICY_FIELDS_WORDS.neverShowMoreThan}
        name="cap"
        inputMode="numeric"
        value={fields.cap}
        onChange={set("cap")}
        error={errors.cap}
        autoComplete="off"
      />
      {percent ? (
        <Checkbox
          label={POLICY_FIELDS_WORDS.showTheLastUnit}
          name="showLastUnit"
          value="on"
          checked={fields.showLastUnit === "on"}
          onChange={(checked) => set("showLastUnit")(checked ? "on" : "")}
        />
      ) : null}
    </FormLayout>
  );
}
