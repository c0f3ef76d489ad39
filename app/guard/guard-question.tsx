import { Banner, BlockStack, Button, Checkbox, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { BlastRadius } from "../../inventory/blast-radius.ts";
import { useFormat } from "../use-format.ts";
import { type Counted, guardSentences } from "./guard-texts.ts";
import { GUARD_QUESTION_WORDS } from "./part-texts.ts";

interface Props {
  radius: Omit<BlastRadius, "largest">;
  what: Counted;
  /** What the button says: "Save the rule all the same". */
  label: string;
  busy: boolean;
  onConfirm(digest: string): void;
}

/**
 * The second look (row H4): why this reaches too far, and a button that works only for somebody who
 * says that he has seen the list. What is confirmed is this very list.
 */
export function GuardQuestion({ radius, what, label, busy, onConfirm }: Props) {
  const format = useFormat();
  // Another list has to be looked at again.
  const [seen, setSeen] = useState("");
  const looked = seen === radius.digest;
  return (
    <div data-testid="guard">
      <Banner tone="critical" title={GUARD_QUESTION_WORDS.thisReachesFarPlease}>
        <BlockStack gap="200">
          {guardSentences(radius, what, format).map((sentence) => (
            <Text key={sentence} as="p">
              {sentence}
            </Text>
          ))}
          <Checkbox
            label={GUARD_QUESTION_WORDS.iHaveLookedAt}
            checked={looked}
            onChange={(checked) => setSeen(checked ? radius.digest : "")}
          />
          <InlineStack>
            <Button
              variant="primary"
              tone="critical"
              disabled={!looked}
              loading={busy}
              onClick={() => onConfirm(radius.digest)}
            >
              {label}
            </Button>
          </InlineStack>
        </BlockStack>
      </Banner>
    </div>
  );
}
