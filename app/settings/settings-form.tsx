import { useFetcher } from "@remix-run/react";
import { BlockStack, Box, Card, Text } from "@shopify/polaris";
import { type ReactNode, useRef } from "react";
import { useUnsaved } from "../components/unsaved.tsx";
import { type SettingsResult, savedText } from "./settings-texts.ts";

interface Props {
  /** What the server is to do. */
  intent: string;
  title: string;
  text: string;
  /** Something is to be saved. */
  changed: boolean;
  /** Makes the fields what is saved. */
  onDiscard(): void;
  /** The fields, given what is wrong with each. */
  children(errors: Partial<Record<string, string>>): ReactNode;
}

/** One section of the settings: a small form of its own, which the page's bar saves. */
export function SettingsForm({ intent, title, text, changed, onDiscard, children }: Props) {
  const fetcher = useFetcher<SettingsResult>();
  const result = fetcher.state === "idle" ? fetcher.data : undefined;
  const stale = result?.outcome === "saved" && changed;
  const form = useRef<HTMLFormElement>(null);
  useUnsaved({
    ...{ dirty: changed, saving: fetcher.state !== "idle", discard: onDiscard },
    save: () => fetcher.submit(form.current),
  });
  return (
    <Card>
      <fetcher.Form method="post" data-testid={intent} ref={form}>
        <input type="hidden" name="intent" value={intent} />
        <BlockStack gap="400">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            <Text as="p" tone="subdued">
              {text}
            </Text>
          </BlockStack>
          {children(fetcher.data?.outcome === "invalid" ? fetcher.data.errors : {})}
          <Box minHeight="1.25rem">
            <span role="status">{result && !stale ? savedText(result) : null}</span>
          </Box>
        </BlockStack>
      </fetcher.Form>
    </Card>
  );
}
