import { useFetcher } from "@remix-run/react";
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { useCan } from "../access/use-person.ts";
import { Time } from "../components/time.tsx";
import { useResultToast } from "../components/toasts.tsx";
import type { Letter, LetterResult } from "./dead-letters.server.ts";
import { LETTER_KINDS, LETTER_TEXTS } from "./letter-texts.ts";
import { LETTER_CARD_WORDS } from "./part-texts.ts";

/** One piece of work that was given up, and what a person may do about it. */
export function LetterCard({ letter }: { letter: Letter }) {
  const { about, kind, error, createdAt } = letter;
  const decides = useCan()("letters.decide");
  const name = about?.name ?? letter.subject;
  const { what, way } = LETTER_KINDS[kind];
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd" breakWord>
            {what(name)}
          </Text>
          <Badge>{way}</Badge>
        </InlineStack>
        <Text as="p" tone="subdued">
          {about ? `${about.connection} · ` : ""}
          <Time at={createdAt} />
        </Text>
        <Text as="p" tone="critical" breakWord>
          {error}
        </Text>
        {about ? (
          <details>
            <summary>Read it</summary>
            <pre className="letter">{JSON.stringify(about.content, null, 2)}</pre>
          </details>
        ) : null}
        {decides ? <Decision letter={letter} name={name} /> : null}
      </BlockStack>
    </Card>
  );
}

function decidedText(result: LetterResult): string | null {
  if (result.outcome === "discarded") return LETTER_TEXTS.discarded;
  return result.outcome === "retried" ? LETTER_TEXTS.retried : null;
}

function Decision({ letter, name }: { letter: Letter; name: string }) {
  const fetcher = useFetcher<LetterResult>();
  useResultToast(fetcher.data, decidedText);
  const [discarding, setDiscarding] = useState(false);
  const [reason, setReason] = useState("");
  const result = fetcher.data;
  const decide = (intent: "retry" | "discard") =>
    fetcher.submit({ intent, letter: letter.id, reason }, { method: "post" });
  const busy = fetcher.state !== "idle";
  return (
    <BlockStack gap="200">
      {result?.outcome === "gone" ? <Banner tone="info">{LETTER_TEXTS.gone}</Banner> : null}
      {discarding ? (
        <TextField
          label={LETTER_TEXTS.reason}
          value={reason}
          onChange={setReason}
          error={result?.outcome === "invalid" ? result.why : undefined}
          maxLength={500}
          autoComplete="off"
          autoFocus
        />
      ) : null}
      <InlineStack gap="200">
        {discarding ? (
          <>
            <Button tone="critical" loading={busy} onClick={() => decide("discard")}>
              Discard
            </Button>
            <Button onClick={() => setDiscarding(false)}>Keep</Button>
          </>
        ) : (
          <>
            <Button
              variant="primary"
              loading={busy}
              onClick={() => decide("retry")}
              accessibilityLabel={`Retry ${name}`}
            >
              Retry
            </Button>
            <Button
              onClick={() => setDiscarding(true)}
              accessibilityLabel={LETTER_CARD_WORDS.discardWithAReason(name)}
            >
              Discard…
            </Button>
          </>
        )}
      </InlineStack>
    </BlockStack>
  );
}
