import { FormLayout, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { BlastLimits } from "../../inventory/blast-radius.ts";
import { SettingsForm } from "./settings-form.tsx";
import { SECTIONS } from "./settings-texts.ts";

const FIELDS = [
  {
    name: "zeroPercent",
    label: "Ask when more than this goes to 0",
    suffix: "% of what has stock",
  },
  {
    name: "movePercent",
    label: "Ask when more than this moves far",
    suffix: "% of your catalogue",
  },
  { name: "farPercent", label: "A number has moved far when it changes by", suffix: "%" },
  { name: "always", label: "Never ask about fewer than", suffix: "listings or items" },
] as const;

/** From which size on a change stops for a second look (row H4). */
export function GuardForm({ limits }: { limits: BlastLimits }) {
  const [typed, setTyped] = useState<Partial<Record<keyof BlastLimits, string>>>({});
  const shown = (name: keyof BlastLimits) => typed[name] ?? String(limits[name]);
  const changed = FIELDS.some(({ name }) => shown(name).trim() !== String(limits[name]));
  return (
    <SettingsForm
      intent="guard"
      changed={changed}
      onDiscard={() => setTyped({})}
      {...SECTIONS.guard}
    >
      {(errors) => (
        <FormLayout>
          {FIELDS.map(({ name, label, suffix }) => (
            <TextField
              key={name}
              name={name}
              label={label}
              suffix={suffix}
              inputMode="numeric"
              value={shown(name)}
              onChange={(value) => setTyped({ ...typed, [name]: value })}
              error={errors[name]}
              autoComplete="off"
              maxLength={6}
            />
          ))}
        </FormLayout>
      )}
    </SettingsForm>
  );
}
