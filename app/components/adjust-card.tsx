import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, FormLayout, Select, Text, TextField } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { PHYSICAL_BUCKETS } from "../../inventory/bucket.ts";
import type { Stock } from "../../inventory/stock.ts";
import type { AdjustResult } from "../adjust-stock.server.ts";
import type { ItemPage } from "../item.server.ts";
import { bucketText } from "../texts.ts";
import { AdjustOutcome } from "./adjust-outcome.tsx";

const EMPTY = {
  type: "receive",
  location: "",
  bucket: "sellable",
  quantity: "",
  reason: "",
  reference: "",
};
type Values = typeof EMPTY;

/**
 * Receives or corrects stock. The numbers a person looked at when they began to type are what they
 * decide about: when stock has moved by the time they send it, the ledger refuses, the form says
 * what changed, and they decide again.
 */
export function AdjustCard({ page }: { page: ItemPage }) {
  const fetcher = useFetcher<AdjustResult>();
  const form = useAdjustForm(page, fetcher.data);
  const { values, seen } = form;
  const errors = fetcher.data?.outcome === "invalid" ? fetcher.data.errors : {};
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Receive or adjust
        </Text>
        <fetcher.Form method="post" onFocus={form.begin} data-testid="adjust">
          <input type="hidden" name="key" value={form.key} />
          <input type="hidden" name="expectedVersion" value={seen.version} />
          <FormLayout>
            <WhatAndWhere form={form} errors={errors} locations={page.locations.filter(isOpen)} />
            <HowManyAndWhy form={form} errors={errors} />
            <AdjustOutcome result={fetcher.data} seen={seen} onAccept={form.accept} />
            <Button submit variant="primary" loading={fetcher.state !== "idle"}>
              {values.type === "adjust" ? "Adjust" : "Receive"}
            </Button>
          </FormLayout>
        </fetcher.Form>
      </BlockStack>
    </Card>
  );
}

interface FieldsProps {
  form: Pick<ReturnType<typeof useAdjustForm>, "values" | "set">;
  errors: Record<string, string>;
}

function WhatAndWhere({
  form: { values, set },
  errors,
  locations,
}: FieldsProps & Pick<ItemPage, "locations">) {
  return (
    <FormLayout>
      <Select
        label="What to do"
        name="type"
        options={[
          { value: "receive", label: "Receive new units" },
          { value: "adjust", label: "Correct a count" },
        ]}
        value={values.type}
        onChange={set("type")}
      />
      <Select
        label="Location"
        name="location"
        options={locations.map(({ code, name }) => ({ value: code, label: name }))}
        value={values.location}
        onChange={set("location")}
        error={errors.location}
      />
      {values.type === "adjust" ? (
        <BucketSelect value={values.bucket} onChange={set("bucket")} />
      ) : null}
    </FormLayout>
  );
}

function HowManyAndWhy({ form: { values, set }, errors }: FieldsProps) {
  const adjusting = values.type === "adjust";
  return (
    <FormLayout>
      <TextField
        label={adjusting ? "Change in units" : "Units"}
        name="quantity"
        type="number"
        inputMode={adjusting ? "text" : "numeric"}
        min={adjusting ? undefined : 1}
        helpText={adjusting ? "Negative when fewer were counted, such as -2." : undefined}
        value={values.quantity}
        onChange={set("quantity")}
        error={errors.quantity}
        autoComplete="off"
      />
      <TextField
        label="Reason"
        name="reason"
        value={values.reason}
        onChange={set("reason")}
        error={errors.reason}
        maxLength={500}
        autoComplete="off"
      />
      <TextField
        label="Reference (optional)"
        name="reference"
        value={values.reference}
        onChange={set("reference")}
        error={errors.reference}
        maxLength={200}
        autoComplete="off"
      />
    </FormLayout>
  );
}

function BucketSelect({ value, onChange }: { value: string; onChange(value: string): void }) {
  return (
    <Select
      label="Which units"
      name="bucket"
      options={PHYSICAL_BUCKETS.map((bucket) => ({
        value: bucket,
        label: bucketText(bucket, (channel) => channel),
      }))}
      value={value}
      onChange={onChange}
    />
  );
}

/** A closed location gets no new stock. */
function isOpen({ active }: ItemPage["locations"][number]): boolean {
  return active;
}

/** What is typed, and the stock and the key it belongs to. */
function useAdjustForm(page: ItemPage, result: AdjustResult | undefined) {
  const first = page.locations.find(isOpen)?.code ?? "";
  const [values, setValues] = useState<Values>({ ...EMPTY, location: first });
  const [begun, setBegun] = useState<{ stock: Stock; key: string }>();
  const handled = useRef<AdjustResult>();
  useEffect(() => {
    if (!result || handled.current === result) return;
    handled.current = result;
    if (result.outcome !== "done") return;
    setBegun(undefined);
    setValues((before) => ({ ...before, quantity: "", reason: "", reference: "" }));
  }, [result]);
  return {
    values,
    set: (name: keyof Values) => (value: string) => setValues({ ...values, [name]: value }),
    seen: begun?.stock ?? page.stock,
    key: begun?.key ?? page.nextKey,
    begin: () => setBegun((before) => before ?? { stock: page.stock, key: page.nextKey }),
    accept: (stock: Stock) => setBegun({ stock, key: page.nextKey }),
  };
}
