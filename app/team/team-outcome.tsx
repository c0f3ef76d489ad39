import { Banner, BlockStack, Text } from "@shopify/polaris";
import { useResultToast } from "../components/toasts.tsx";
import { ShownOnce } from "../machines/shown-once.tsx";
import type { TeamResult } from "./team.server.ts";
import { teamText } from "./team-texts.ts";

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
            {result.outcome === "link" ? (
              <ShownOnce
                key={result.link}
                label="Link"
                value={result.link}
                help="Send it to them yourself. It is shown only now, works once, and for a week."
                copy="Copy link"
              />
            ) : null}
          </BlockStack>
        </Banner>
      )}
    </div>
  );
}
