import { BlockStack, Button, InlineStack, TextField } from "@shopify/polaris";
import { useState } from "react";

interface Props {
  label: string;
  value: string;
  /** What to do with it, and that it is not shown again. */
  help: string;
  /** On the button. */
  copy: string;
}

/** A secret or a link that is shown this once, to be copied. */
export function ShownOnce({ label, value, help, copy }: Props) {
  const [copied, setCopied] = useState(false);
  const take = () => navigator.clipboard.writeText(value).then(() => setCopied(true));
  return (
    <BlockStack gap="200">
      <TextField
        label={label}
        value={value}
        readOnly
        autoComplete="off"
        selectTextOnFocus
        helpText={help}
      />
      <InlineStack>
        <Button onClick={take}>{copied ? "Copied" : copy}</Button>
      </InlineStack>
    </BlockStack>
  );
}
