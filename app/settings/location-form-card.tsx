import type { FetcherWithComponents } from "@remix-run/react";
import {
  BlockStack,
  Button,
  Card,
  Checkbox,
  ChoiceList,
  FormLayout,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useRef, useState } from "react";
import { useUnsaved } from "../components/unsaved.tsx";
import type { LocationFields } from "./location-fields.ts";
import type { LocationResult } from "./locations.server.ts";
import { LOCATION_FORM_CARD_WORDS } from "./part-texts.ts";

interface Props {
  fetcher: FetcherWithComponents<LocationResult>;
  start: LocationFields;
  channels: { channel: string; title: string }[];
  onCancel(): void;
}

/** Asks for a location. A change of numbers is previewed first: what is saved is what was shown. */
export function LocationForm({ fetcher, start, channels, onCancel }: Props) {
  const [fields, setFields] = useState(start);
  const set = (change: Partial<LocationFields>) => setFields({ ...fields, ...change });
  const errors = fetcher.data?.outcome === "invalid" ? fetcher.data.errors : {};
  const known = start.id !== "";
  const form = useRef<HTMLFormElement>(null);
  useUnsaved({
    dirty: JSON.stringify(fields) !== JSON.stringify(start),
    saving: fetcher.state !== "idle",
    save: () => fetcher.submit(form.current),
    discard: () => setFields(start),
    label: known ? "Save" : "Add",
  });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {known ? `Change ${start.name}` : "Add a location"}
        </Text>
        <fetcher.Form method="post" data-testid="location" ref={form}>
          <input type="hidden" name="intent" value="preview" />
          <input type="hidden" name="id" value={fields.id} />
          <FormLayout>
            <NameFields fields={fields} errors={errors} set={set} />
            <Channels fields={fields} errors={errors} set={set} channels={channels} />
            {known ? (
              <Checkbox
                name="active"
                value="on"
                label="Open"
                helpText={LOCATION_FORM_CARD_WORDS.aClosedLocationGets}
                checked={fields.active}
                onChange={(active) => set({ active })}
              />
            ) : (
              <input type="hidden" name="active" value="on" />
            )}
            <InlineStack gap="200">
              <Button submit variant="primary" loading={fetcher.state !== "idle"}>
                {known ? "Save" : "Add"}
              </Button>
              {known ? <Button onClick={onCancel}>Cancel</Button> : null}
            </InlineStack>
          </FormLayout>
        </fetcher.Form>
      </BlockStack>
    </Card>
  );
}

interface FieldProps {
  fields: LocationFields;
  errors: Partial<Record<string, string>>;
  set(change: Partial<LocationFields>): void;
}

function NameFields({ fields, errors, set }: FieldProps) {
  return (
    <FormLayout>
      <TextField
        name="name"
        label="Name"
        value={fields.name}
        onChange={(name) => set({ name })}
        error={errors.name}
        maxLength={100}
        autoComplete="off"
      />
      <TextField
        name="code"
        label="Code"
        helpText={LOCATION_FORM_CARD_WORDS.whatFilesAndThe}
        readOnly={fields.id !== ""}
        value={fields.code}
        onChange={(code) => set({ code })}
        error={errors.code}
        maxLength={50}
        autoComplete="off"
      />
      <TextField
        name="priority"
        label="Priority"
        helpText={LOCATION_FORM_CARD_WORDS.theLowestNumberShips}
        inputMode="numeric"
        value={fields.priority}
        onChange={(priority) => set({ priority })}
        error={errors.priority}
        maxLength={3}
        autoComplete="off"
      />
    </FormLayout>
  );
}

function Channels({ fields, errors, set, channels }: FieldProps & Pick<Props, "channels">) {
  return (
    <BlockStack gap="200">
      <ChoiceList
        name="serves"
        title="Ships for"
        choices={[
          { value: "all", label: "Every channel" },
          { value: "some", label: "Only these channels" },
        ]}
        selected={[fields.serves]}
        onChange={([serves = "all"]) => set({ serves })}
        error={errors.serves}
      />
      {fields.serves === "some" ? (
        <ChoiceList
          allowMultiple
          name="channel"
          title="Channels"
          titleHidden
          choices={channels.map(({ channel, title }) => ({ value: channel, label: title }))}
          selected={fields.channels}
          onChange={(chosen) => set({ channels: chosen })}
        />
      ) : null}
    </BlockStack>
  );
}
