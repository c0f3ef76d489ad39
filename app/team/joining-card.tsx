import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import type { Role } from "../../inventory/role.ts";
import { JOINING_CARD_WORDS } from "./part-texts.ts";
import { RoleSelect } from "./role-select.tsx";
import type { TeamResult } from "./team.server.ts";
import { TeamOutcome } from "./team-outcome.tsx";

/** Inside Shopify's admin nobody is invited: whom the shop lets in there comes in by himself. */
export function JoiningCard({ joining }: { joining: Role }) {
  const fetcher = useFetcher<TeamResult>();
  const choose = (role: string) => fetcher.submit({ intent: "joining", role }, { method: "post" });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          New people
        </Text>
        <Text as="p">{JOINING_CARD_WORDS.whoeverMayOpenBallast}</Text>
        <RoleSelect
          label={JOINING_CARD_WORDS.everybodyElseBeginsAs}
          value={String(fetcher.formData?.get("role") ?? joining)}
          onChange={choose}
        />
        <TeamOutcome result={fetcher.data} />
      </BlockStack>
    </Card>
  );
}
