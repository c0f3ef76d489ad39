import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { NOTHING_WAITS_WORDS } from "./part-texts.ts";
import type { WelcomeStep } from "./welcome-steps.ts";
import { STEP_TEXTS } from "./welcome-texts.ts";

/** A step that is done for every channel: what it is for stands where it is needed. */
export function NothingWaits({ step }: { step: WelcomeStep }) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingLg">
          {STEP_TEXTS[step].name}
        </Text>
        <Text as="p">{NOTHING_WAITS_WORDS.text}</Text>
        <InlineStack gap="300">
          <Button variant="primary" url="/app/welcome?step=channels">
            {NOTHING_WAITS_WORDS.connect}
          </Button>
          <Button url="/app/channels">{NOTHING_WAITS_WORDS.channels}</Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
