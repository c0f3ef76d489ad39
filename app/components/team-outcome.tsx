import { Banner, BlockStack, Button, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { TeamResult } from "../team.server.ts";
import { teamText } from "../team-texts.ts";
import { useResultToast } from "./toasts.tsx";

function changedText(result: TeamResult): string | null {
  const changed = result.outcome === "changed" || result.outcome === "joining";
  return changed ? teamText(result) : null;
}

/** What a decision about the team did; a link is shown here, this once. */
export function TeamOutcome({ result }: { result: TeamResult | undefined }) {
  useResultToast(result, changedText);
  return (
    <div role="status" data-testid="team-outcome">
      {result?.outcome !== "link" && result?.outcome !== "refused" ? null : (
        <Banner tone={result.outcome === "refused" ? "warning" : "success"}>
          <BlockStack gap="200">
            <Text as="p">{teamText(result)}</Text>
            {result.outcome === "link" ? <Link key={result.link} link={result.link} /> : null}
          </BlockStack>
        </Banner>
      )}
    </div>
  );
}

function Link({ link }: { link: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(link).then(() => setCopied(true));
  return (
    <BlockStack gap="200">
      <TextField
        label="Link"
        value={link}
        readOnly
        autoComplete="off"
        selectTextOnFocus
        helpText="Send it to them yourself. It is shown only now, works once, and for a week."
      />
      <InlineStack>
        <Button onClick={copy}>{copied ? "Copied" : "Copy link"}</Button>
      </InlineStack>
    </BlockStack>
  );
}
