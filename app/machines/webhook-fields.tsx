import { ChoiceList, FormLayout, TextField } from "@shopify/polaris";
import { WEBHOOK_EVENTS, type WebhookEvent } from "../../inventory/webhook.ts";
import { WEBHOOK_FIELDS_WORDS } from "./part-texts.ts";
import { EVENT_TEXTS } from "./webhook-texts.ts";

export interface WebhookValues {
  url: string;
  description: string;
  events: WebhookEvent[];
}

interface Props {
  values: WebhookValues;
  set(values: WebhookValues): void;
  errors: Partial<Record<"url" | "events" | "description", string>>;
}

const CHOICES = WEBHOOK_EVENTS.map((value) => {
  return { value, label: EVENT_TEXTS[value], helpText: value };
});

/** What an endpoint is made of, for its maker and its keeper. */
export function WebhookFields({ values, set, errors }: Props) {
  return (
    <FormLayout>
      <TextField
        label="Address"
        name="url"
        type="url"
        placeholder="https://example.com/ballast"
        value={values.url}
        onChange={(url) => set({ ...values, url })}
        error={errors.url}
        autoComplete="off"
      />
      <TextField
        label={WEBHOOK_FIELDS_WORDS.whatItIsFor}
        name="description"
        value={values.description}
        onChange={(description) => set({ ...values, description })}
        error={errors.description}
        autoComplete="off"
      />
      <ChoiceList
        title={WEBHOOK_FIELDS_WORDS.whatItIsTold}
        name="events"
        allowMultiple
        choices={CHOICES}
        selected={values.events}
        onChange={(events: WebhookEvent[]) => set({ ...values, events })}
        error={errors.events}
      />
    </FormLayout>
  );
}
