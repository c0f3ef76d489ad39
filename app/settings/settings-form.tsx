import { useFetcher } from "@remix-run/react";
import { BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { type SettingsResult, savedText } from "./settings-texts.ts";

interface Props {
  /** What the server is to do. */
  intent: string;
  title: string;
  text: string;
  /** Something is to be saved. */
  changed: boolean;
  /** The fields, given what is wrong with each. */
  children(errors: Partial<Record<string, string>>): ReactNode;
  /** Stands beside the button. */
  more?: ReactNode;
}

/** One section of the settings: its own small form, which says what became of it. */
export function SettingsForm({ intent, title, text, changed, children, more }: Props) {
  const fetcher = useFetcher<SettingsResult>();
  const result = fetcher.state === "idle" ? fetcher.data : undefined;
  const stale = result?.outcome === "saved" && changed;
  return (
    <Card>
      <fetcher.Form method="post" data-testid={intent}>
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
          <InlineStack gap="300" blockAlign="center">
            <Button submit disabled={!changed} loading={fetcher.state !== "idle"}>
              Save
            </Button>
            {more}
            <Box minHeight="1.25rem">
              <span role="status">{result && !stale ? savedText(result) : null}</span>
            </Box>
          </InlineStack>
        </BlockStack>
      </fetcher.Form>
    </Card>
  );
}
