import { BlockStack, Checkbox, FormLayout, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { HoldTerms } from "../../inventory/hold-terms.ts";
import { SettingsForm } from "../settings/settings-form.tsx";
import { TERMS_FIELDS, TERMS_TEXTS } from "./hold-texts.ts";

type Name = (typeof TERMS_FIELDS)[number]["name"];

/** For how long, and how much, a shop's carts may hold. Row C1. */
export function TermsForm({ terms }: { terms: HoldTerms }) {
  const [typed, setTyped] = useState<Partial<Record<Name, string>>>({});
  const [ticked, setTicked] = useState<boolean>();
  const { share, webhookCarts, ...rest } = terms;
  const kept = { ...rest, sharePercent: share.percent, shareBelow: share.below };
  const shown = (name: Name) => typed[name] ?? String(kept[name]);
  const carts = ticked ?? webhookCarts;
  const changed =
    carts !== webhookCarts ||
    TERMS_FIELDS.some(({ name }) => shown(name).trim() !== String(kept[name]));
  const discard = () => {
    setTyped({});
    setTicked(undefined);
  };
  return (
    <SettingsForm
      intent="terms"
      changed={changed}
      onDiscard={discard}
      title={TERMS_TEXTS.title}
      text={TERMS_TEXTS.text}
    >
      {(errors) => (
        <FormLayout>
          <Checkbox
            name="webhookCarts"
            value="on"
            label={TERMS_TEXTS.webhookCarts}
            helpText={TERMS_TEXTS.webhookCartsHelp}
            checked={carts}
            onChange={setTicked}
          />
          {TERMS_FIELDS.map(({ name, label, suffix, help }) => (
            <TextField
              key={name}
              name={name}
              label={label}
              suffix={suffix}
              helpText={help}
              inputMode="numeric"
              value={shown(name)}
              onChange={(value) => setTyped({ ...typed, [name]: value })}
              error={errors[name]}
              autoComplete="off"
              maxLength={6}
            />
          ))}
          <BlockStack gap="100">
            <Text as="h3" variant="headingSm">
              {TERMS_TEXTS.unsureTitle}
            </Text>
            <Text as="p" tone="subdued">
              {TERMS_TEXTS.unsure}
            </Text>
          </BlockStack>
        </FormLayout>
      )}
    </SettingsForm>
  );
}
