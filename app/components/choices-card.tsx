import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import type { DecideResult } from "../decide-channel.server.ts";
import { HOURS } from "./quiet-hours-form.tsx";

interface Props {
  choices: { driftPolicy: "heal" | "report"; feedHour: number };
}

/** What the merchant decides about the connection's own work. */
export function ChoicesCard({ choices }: Props) {
  const fetcher = useFetcher<DecideResult>();
  const [policy, setPolicy] = useState<string>(choices.driftPolicy);
  const [hour, setHour] = useState(String(choices.feedHour));
  const changed = policy !== choices.driftPolicy || hour !== String(choices.feedHour);
  return (
    <Card>
      <fetcher.Form method="post">
        <input type="hidden" name="intent" value="choose" />
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Choices
          </Text>
          <Select
            name="driftPolicy"
            label="When a listing shows another number"
            options={[
              { value: "heal", label: "Push our number again" },
              { value: "report", label: "Only report it" },
            ]}
            value={policy}
            onChange={setPolicy}
          />
          <Select
            name="feedHour"
            label="Full feed every day at"
            helpText="Everything is read back at this hour of your time zone. Choose a quiet one."
            options={HOURS}
            value={hour}
            onChange={setHour}
          />
          <InlineStack gap="300" blockAlign="center">
            <Button submit loading={fetcher.state !== "idle"} disabled={!changed}>
              Save choices
            </Button>
            <span role="status">
              {fetcher.data?.outcome === "saved" && !changed ? "Saved." : null}
              {fetcher.data?.outcome === "refused" ? fetcher.data.why : null}
            </span>
          </InlineStack>
        </BlockStack>
      </fetcher.Form>
    </Card>
  );
}
