import type { FetcherWithComponents } from "@remix-run/react";
import { Badge, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { PersonRow } from "../../prisma/people.ts";
import { DataTable } from "../components/data-table.tsx";
import { Time } from "../components/time.tsx";
import { PEOPLE_CARD_WORDS } from "./part-texts.ts";
import { RoleSelect } from "./role-select.tsx";
import type { TeamResult } from "./team.server.ts";
import { ENTRY_TEXTS } from "./team-texts.ts";

interface Props {
  people: PersonRow[];
  fetcher: FetcherWithComponents<TeamResult>;
}

/** Everybody of the team: who it is, what they may do, and when they were last here. */
export function PeopleCard({ people, fetcher }: Props) {
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          People
        </Text>
        {people.length === 0 ? (
          <Text as="p" tone="subdued">
            {PEOPLE_CARD_WORDS.nobodyHasBeenInvited}
          </Text>
        ) : null}
      </Box>
      {people.length === 0 ? null : (
        <DataTable
          caption="People"
          columns={[
            { key: "who", title: "Person" },
            { key: "role", title: "Role" },
            { key: "seen", title: "Last here" },
            { key: "actions", title: <span className="visually-hidden">Actions</span>, label: "" },
          ]}
          rows={people.map((person) => ({
            key: person.id,
            cells: [
              <Who key="who" person={person} />,
              <RoleOf key="role" person={person} fetcher={fetcher} />,
              person.lastSeenAt === null ? "never" : <Time key="seen" at={person.lastSeenAt} />,
              <Actions key="actions" person={person} fetcher={fetcher} />,
            ],
          }))}
        />
      )}
    </Card>
  );
}

function Who({ person: { name, email, entry, disabled } }: { person: PersonRow }) {
  return (
    <>
      {name} {disabled ? <Badge tone="critical">Disabled</Badge> : null}
      {email === null ? null : <span className="second-line">{email}</span>}
      <span className="second-line">{ENTRY_TEXTS[entry]}</span>
    </>
  );
}

interface RowProps {
  person: PersonRow;
  fetcher: Props["fetcher"];
}

function RoleOf({ person: { id, name, role, disabled }, fetcher }: RowProps) {
  const sent = fetcher.formData;
  const changing = sent?.get("intent") === "role" && sent.get("person") === id;
  return (
    <RoleSelect
      label={`Role of ${name}`}
      labelHidden
      disabled={disabled || fetcher.state !== "idle"}
      value={changing ? String(sent.get("role")) : role}
      onChange={(chosen) =>
        fetcher.submit({ intent: "role", person: id, role: chosen }, { method: "post" })
      }
    />
  );
}

function Actions({ person: { id, name, entry, disabled }, fetcher }: RowProps) {
  const sent = fetcher.formData;
  const button = (intent: string, text: string, label: string) => (
    <Button
      size="slim"
      tone={intent === "disable" ? "critical" : undefined}
      accessibilityLabel={label}
      loading={sent?.get("intent") === intent && sent.get("person") === id}
      onClick={() => fetcher.submit({ intent, person: id }, { method: "post" })}
    >
      {text}
    </Button>
  );
  return (
    <InlineStack gap="200" align="end">
      {disabled || entry === "shopify"
        ? null
        : button("link", "New link", `New link for ${name} to choose a password`)}
      {disabled
        ? button("enable", "Enable", `Enable ${name}`)
        : button("disable", "Disable", `Disable ${name}`)}
    </InlineStack>
  );
}
