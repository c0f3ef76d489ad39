import { useSearchParams } from "@remix-run/react";
import { Badge, BlockStack, Button, InlineStack } from "@shopify/polaris";
import { TableCard } from "../components/table-card.tsx";
import { Time } from "../components/time.tsx";
import type { LettersPage } from "./dead-letters.server.ts";
import { CLOSED_STATES, CLOSED_TEXTS, LETTER_KINDS } from "./letter-texts.ts";
import { CLOSED_CARD_WORDS } from "./part-texts.ts";

/** Dead letters that were dealt with, the last one first. */
export function ClosedCard({ closed }: Pick<LettersPage, "closed">) {
  const { columns } = CLOSED_TEXTS;
  return (
    <BlockStack gap="300">
      <TableCard
        title={CLOSED_TEXTS.title}
        text={CLOSED_TEXTS.text}
        none={CLOSED_TEXTS.none}
        columns={Object.entries(columns).map(([key, title]) => ({ key, title }))}
        rows={closed.letters.map((letter) => ({
          key: letter.id,
          cells: [
            <span key="what">
              {LETTER_KINDS[letter.kind].what(letter.about?.name ?? letter.subject)}
              <span className="second-line">{letter.error}</span>
            </span>,
            <Badge key="state" tone={CLOSED_STATES[letter.state].tone}>
              {CLOSED_STATES[letter.state].text}
            </Badge>,
            letter.why ?? "–",
            letter.who ?? CLOSED_TEXTS.itself,
            <Time key="when" at={letter.closedAt} />,
          ],
        }))}
      />
      <Pages {...closed} />
    </BlockStack>
  );
}

function Pages({ newest, older }: Pick<LettersPage["closed"], "newest" | "older">) {
  const [search, setSearch] = useSearchParams();
  if (newest && older === null) return null;
  const go = (place: string | null) => {
    const changed = new URLSearchParams(search);
    if (place === null) changed.delete("closed");
    else changed.set("closed", place);
    setSearch(changed, { preventScrollReset: true });
  };
  return (
    <InlineStack align="center" gap="200">
      <Button disabled={newest} onClick={() => go(null)}>
        Newest
      </Button>
      <Button
        disabled={older === null}
        onClick={() => go(older)}
        accessibilityLabel={CLOSED_CARD_WORDS.olderOnesThatWere}
      >
        Older
      </Button>
    </InlineStack>
  );
}
