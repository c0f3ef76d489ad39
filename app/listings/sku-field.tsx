import { Autocomplete } from "@shopify/polaris";
import { useEffect, useState } from "react";

interface Props {
  label: string;
  value: string;
  onChange(sku: string): void;
}

/** Typing pauses this long before it asks. */
const PAUSE_MS = 200;

interface Suggestion {
  sku: string;
  title: string;
}

/** A field for one of the merchant's SKUs, which suggests those that look like what is typed. */
export function SkuField({ label, value, onChange }: Props) {
  const options = useSuggestions(value).map(({ sku, title }) => {
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

/**
 * Not by a fetcher: a live page that reads its numbers again would break it off, with an error. What
 * cannot be asked suggests nothing.
 */
function useSuggestions(typed: string): Suggestion[] {
  const [found, setFound] = useState<Suggestion[]>([]);
  useEffect(() => {
    const asking = new AbortController();
    const timer = setTimeout(async () => {
      const address = `/app/skus?${new URLSearchParams({ q: typed })}`;
      const answer = await window.fetch(address, { signal: asking.signal }).catch(() => null);
      const suggestions: Suggestion[] | null = answer?.ok
        ? await answer.json().catch(() => null)
        : null;
      if (suggestions !== null && !asking.signal.aborted) setFound(suggestions);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [typed]);
  return found;
}
