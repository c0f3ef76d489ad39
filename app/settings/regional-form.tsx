import { FormLayout, Select, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { formatFor } from "../../inventory/format.ts";
import type { Choice, Regional } from "../../inventory/regional.ts";
import { SettingsForm } from "./settings-form.tsx";
import { SECTIONS, sampleText } from "./settings-texts.ts";

interface Props {
  regional: Regional;
  choices: Record<keyof Regional, Choice[]>;
  now: Date;
}

const LABELS = { locale: "Language and country", timeZone: "Time zone", currency: "Currency" };
const FIELDS = ["locale", "timeZone", "currency"] as const;

/** How the shop writes numbers, money and times, with what the choice comes to. */
export function RegionalForm({ regional, choices, now }: Props) {
  const [chosen, setChosen] = useState(regional);
  // Six hundred choices are half of the page: sent with it, a browser paints it in the middle of them.
  const [alive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);
  const changed = FIELDS.some((field) => chosen[field] !== regional[field]);
  return (
    <SettingsForm
      intent="regional"
      changed={changed}
      onDiscard={() => setChosen(regional)}
      {...SECTIONS.regional}
    >
      {(errors) => (
        <FormLayout>
          <FormLayout.Group>
            {FIELDS.map((field) => (
              <Select
                key={field}
                name={field}
                label={LABELS[field]}
                options={choices[field].filter(({ value }) => alive || value === chosen[field])}
                value={chosen[field]}
                onChange={(value) => setChosen({ ...chosen, [field]: value })}
                error={errors[field]}
              />
            ))}
          </FormLayout.Group>
          <Text as="p" tone="subdued">
            <span suppressHydrationWarning>{sampleText(formatFor(chosen), now)}</span>
          </Text>
        </FormLayout>
      )}
    </SettingsForm>
  );
}
