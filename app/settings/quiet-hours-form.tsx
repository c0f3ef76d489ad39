import { FormLayout, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import { QUIET_HOURS_FORM_WORDS } from "./part-texts.ts";
import { SettingsForm } from "./settings-form.tsx";
import { hourText, SECTIONS } from "./settings-texts.ts";

interface Props {
  hours: { id: string; title: string; feedHour: number }[];
  timeZone: string;
}

export const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: hourText(hour),
}));

/** At which hour of the shop's day each marketplace is read back as a whole. */
export function QuietHoursForm({ hours, timeZone }: Props) {
  const saved = Object.fromEntries(hours.map(({ id, feedHour }) => [id, String(feedHour)]));
  const [chosen, setChosen] = useState(saved);
  const hourOf = (id: string) => chosen[id] ?? saved[id] ?? "0";
  const changed = hours.some(({ id, feedHour }) => hourOf(id) !== String(feedHour));
  return (
    <SettingsForm
      intent="hours"
      changed={changed}
      onDiscard={() => setChosen(saved)}
      {...SECTIONS.hours}
    >
      {() =>
        hours.length === 0 ? (
          <Text as="p">{QUIET_HOURS_FORM_WORDS.noMarketplaceIsConnected}</Text>
        ) : (
          <FormLayout>
            {hours.map(({ id, title }) => (
              <Select
                key={id}
                name={id}
                label={title}
                labelInline
                options={HOURS}
                value={hourOf(id)}
                onChange={(hour) => setChosen({ ...chosen, [id]: hour })}
              />
            ))}
            <Text as="p" tone="subdued">
              {QUIET_HOURS_FORM_WORDS.hoursOfYourTime(timeZone.replaceAll("_", " "))}
            </Text>
          </FormLayout>
        )
      }
    </SettingsForm>
  );
}
