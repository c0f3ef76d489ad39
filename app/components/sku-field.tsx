import { useFetcher } from "@remix-run/react";
import { Autocomplete } from "@shopify/polaris";
import { useEffect } from "react";

interface Props {
  label: string;
  value: string;
  onChange(sku: string): void;
}

/** Typing pauses this long before it asks. */
const PAUSE_MS = 200;

/** A field for one of the merchant's SKUs, which suggests those that look like what is typed. */
export function SkuField({ label, value, onChange }: Props) {
  const fetcher = useFetcher<{ sku: string; title: string }[]>();
  const { load } = fetcher;
  useEffect(() => {
    const timer = setTimeout(
      () => load(`/app/skus?${new URLSearchParams({ q: value })}`),
      PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [value, load]);
  const options = (fetcher.data ?? []).map(({ sku, title }) => {
    return { value: sku, label: title === sku ? sku : `${sku} · ${title}` };
  });
  return (
    <Autocomplete
      options={options}
      selected={[value]}
      onSelect={([chosen]) => chosen !== undefined && onChange(chosen)}
      textField={
        <Autocomplete.TextField
          label={label}
          value={value}
          onChange={onChange}
          autoComplete="off"
          maxLength={200}
        />
      }
    />
  );
}
