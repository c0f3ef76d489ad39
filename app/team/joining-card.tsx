import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import type { Role } from "../../inventory/role.ts";
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
        <Text as="p">
          Whoever may open Ballast in Shopify&rsquo;s admin is in your team from the first visit on.
          The owner of the shop there is an owner here.
        </Text>
        <RoleSelect
          label="Everybody else begins as"
          value={String(fetcher.formData?.get("role") ?? joining)}
          onChange={choose}
        />
        <TeamOutcome result={fetcher.data} />
      </BlockStack>
    </Card>
  );
}
