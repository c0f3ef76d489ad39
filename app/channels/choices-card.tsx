import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import { useResultToast } from "../components/toasts.tsx";
import { useUnsaved } from "../components/unsaved.tsx";
import { HOURS } from "../settings/quiet-hours-form.tsx";
import type { DecideResult } from "./decide-channel.server.ts";
import { CHOICES_CARD_WORDS } from "./part-texts.ts";

interface Props {
  choices: { driftPolicy: "heal" | "report"; feedHour: number };
}

const savedText = (result: DecideResult) => (result.outcome === "saved" ? "Saved." : null);

/** What the merchant decides about the connection's own work. */
export function ChoicesCard({ choices }: Props) {
  const fetcher = useFetcher<DecideResult>();
  const [policy, setPolicy] = useState<string>(choices.driftPolicy);
  const [hour, setHour] = useState(String(choices.feedHour));
  const changed = policy !== choices.driftPolicy || hour !== String(choices.feedHour);
  useResultToast(fetcher.data, savedText);
  const save = () =>
    fetcher.submit({ intent: "choose", driftPolicy: policy, feedHour: hour }, { method: "post" });
  const discard = () => {
    setPolicy(choices.driftPolicy);
    setHour(String(choices.feedHour));
  };
  useUnsaved({ dirty: changed, saving: fetcher.state !== "idle", save, discard });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Choices
        </Text>
        <Select
          name="driftPolicy"
          label={CHOICES_CARD_WORDS.whenAListingShows}
          options={[
            { value: "heal", label: "Push our number again" },
            { value: "report", label: "Only report it" },
          ]}
          value={policy}
          onChange={setPolicy}
        />
        <Select
          name="feedHour"
          label={CHOICES_CARD_WORDS.fullFeedEveryDay}
          helpText={CHOICES_CARD_WORDS.everythingIsReadBack}
          options={HOURS}
          value={hour}
          onChange={setHour}
        />
        <span role="status">{fetcher.data?.outcome === "refused" ? fetcher.data.why : null}</span>
      </BlockStack>
    </Card>
  );
}
