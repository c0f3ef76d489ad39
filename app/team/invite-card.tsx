import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, FormLayout, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { INVITE_CARD_WORDS } from "./part-texts.ts";
import { RoleSelect } from "./role-select.tsx";
import type { TeamResult } from "./team.server.ts";
import { TeamOutcome } from "./team-outcome.tsx";

const EMPTY = { name: "", email: "", role: "operations" };

/** Invites somebody. There may be no mail server, so the link is shown to be sent by hand. */
export function InviteCard() {
  const fetcher = useFetcher<TeamResult>();
  const [values, setValues] = useState(EMPTY);
  const set = (field: keyof typeof EMPTY) => (value: string) =>
    setValues({ ...values, [field]: value });
  const result = fetcher.data;
  const errors = result?.outcome === "invalid" ? result.errors : {};
  useEffect(() => {
    if (result?.outcome === "link") setValues(EMPTY);
  }, [result]);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Invite somebody
        </Text>
        <fetcher.Form method="post" data-testid="invite">
          <input type="hidden" name="intent" value="invite" />
          <FormLayout>
            <TextField
              label="Name"
              name="name"
              value={values.name}
              onChange={set("name")}
              error={errors.name}
              autoComplete="off"
            />
            <TextField
              label="E-mail address"
              name="email"
              type="email"
              value={values.email}
              onChange={set("email")}
              error={errors.email}
              autoComplete="off"
            />
            <RoleSelect
              label="Role"
              value={values.role}
              onChange={set("role")}
              error={errors.role}
            />
            <Button submit variant="primary" loading={fetcher.state !== "idle"}>
              {INVITE_CARD_WORDS.makeAnInvitation}
            </Button>
          </FormLayout>
        </fetcher.Form>
        <TeamOutcome result={result} />
      </BlockStack>
    </Card>
  );
}
