import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import type { TargetKind } from "../../inventory/notification.ts";
import type { TargetRow } from "../../prisma/notifications.ts";
import { Time } from "../components/time.tsx";
import { useUnsaved } from "../components/unsaved.tsx";
import { NOTIFY_TEXTS, SECTIONS, type SettingsResult, savedText } from "./settings-texts.ts";

interface Props {
  targets: TargetRow[];
  /** An SMTP server is configured. */
  canMail: boolean;
}

const LABELS = { slack: "Slack webhook", email: "E-mail addresses" } as const;

/** Who hears of what needs a person, and a test that really sends. */
export function NotifyForm({ targets, canMail }: Props) {
  const targetOf = (kind: TargetKind) => targets.find((target) => target.kind === kind);
  return (
    <Card>
      <BlockStack gap="500">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {SECTIONS.notify.title}
          </Text>
          <Text as="p" tone="subdued">
            {SECTIONS.notify.text}
          </Text>
        </BlockStack>
        <Target kind="slack" target={targetOf("slack")} />
        {canMail ? (
          <Target kind="email" target={targetOf("email")} />
        ) : (
          <Banner tone="info">{NOTIFY_TEXTS.noMail}</Banner>
        )}
      </BlockStack>
    </Card>
  );
}

function Target({ kind, target }: { kind: TargetKind; target: TargetRow | undefined }) {
  const fetcher = useFetcher<SettingsResult>();
  const [typed, setTyped] = useState("");
  const result = fetcher.state === "idle" ? fetcher.data : undefined;
  useEffect(() => {
    if (result?.outcome === "saved") setTyped("");
  }, [result]);
  const send = (intent: string) => fetcher.submit({ intent, kind }, { method: "post" });
  const busy = fetcher.state !== "idle";
  const form = useRef<HTMLFormElement>(null);
  useUnsaved({
    ...{ dirty: typed.trim() !== "", saving: busy, discard: () => setTyped("") },
    save: () => fetcher.submit(form.current),
  });
  const kept = kind === "slack" ? NOTIFY_TEXTS.slackKept : NOTIFY_TEXTS.emailKept;
  return (
    <fetcher.Form method="post" data-testid={`notify-${kind}`} ref={form}>
      <input type="hidden" name="intent" value="notify" />
      <input type="hidden" name="kind" value={kind} />
      <BlockStack gap="300">
        <TextField
          name="address"
          label={LABELS[kind]}
          helpText={target ? kept : undefined}
          value={typed}
          onChange={setTyped}
          multiline={kind === "email" ? 3 : false}
          error={result?.outcome === "invalid" ? result.errors[kind] : undefined}
          autoComplete="off"
          maxLength={5_000}
        />
        {target ? <Delivery target={target} /> : null}
        <InlineStack gap="200" blockAlign="center">
          {target ? (
            <Button disabled={busy} onClick={() => send("notify-test")}>
              Send a test
            </Button>
          ) : null}
          {target ? (
            <Button tone="critical" disabled={busy} onClick={() => send("notify-remove")}>
              Remove
            </Button>
          ) : null}
          <span role="status">{result ? savedText(result) : null}</span>
        </InlineStack>
      </BlockStack>
    </fetcher.Form>
  );
}

/** How the last message fared. */
function Delivery({ target: { error, lastSentAt } }: { target: TargetRow }) {
  if (error) return <Banner tone="warning">{NOTIFY_TEXTS.notSent(error)}</Banner>;
  if (!lastSentAt) return null;
  return (
    <Text as="p" tone="subdued">
      Last message: <Time at={lastSentAt} />
    </Text>
  );
}
