import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { nextStep, type WelcomeStep } from "./welcome-steps.ts";
import { STEP_TEXTS } from "./welcome-texts.ts";

interface Props {
  step: WelcomeStep;
  children?: ReactNode;
  /** What leads on; the link to the next step when nothing is said. Null: nothing does. */
  onward?: ReactNode;
  /** Why there is no going on yet. */
  blocked?: string | undefined;
}

/** One step: what it is about, what to do, and the way on. */
export function StepCard({ step, children, onward, blocked }: Props) {
  const { heading, text } = STEP_TEXTS[step];
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingLg">
            {heading}
          </Text>
          <Text as="p" tone="subdued">
            {text}
          </Text>
        </BlockStack>
        {children}
        {onward === undefined ? <Onward step={step} blocked={blocked} /> : onward}
      </BlockStack>
    </Card>
  );
}

function Onward({ step, blocked }: { step: WelcomeStep; blocked: string | undefined }) {
  return (
    <InlineStack gap="300" blockAlign="center">
      <Button
        variant="primary"
        url={`/app/welcome?step=${nextStep(step)}`}
        disabled={blocked !== undefined}
      >
        {`Continue: ${STEP_TEXTS[nextStep(step)].name}`}
      </Button>
      {blocked === undefined ? null : (
        <Text as="span" tone="subdued">
          {blocked}
        </Text>
      )}
    </InlineStack>
  );
}
