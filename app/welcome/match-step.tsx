import { Badge, Banner, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import type { ItemSource } from "../../prisma/first-items.ts";
import type { ChannelView } from "../channels/channels.server.ts";
import { useFormat } from "../use-format.ts";
import { MATCH_STEP_WORDS } from "./part-texts.ts";
import { StepCard } from "./step-card.tsx";
import { useWelcome, WelcomeOutcome } from "./use-welcome.tsx";

interface Props {
  waiting: ChannelView[];
  sources: ItemSource[];
  matched: number;
  listings: number;
}

/** What is matched, what is not, and the two ways to match the rest. */
export function MatchStep({ waiting, sources, matched, listings }: Props) {
  const { counted } = useFormat();
  const { send, busy, fetcher, result } = useWelcome();
  const under = fetcher.formData?.get("connection");
  const blocked = listings > 0 && matched === 0 ? "Match at least one listing." : undefined;
  return (
    <StepCard step="match" blocked={blocked}>
      <BlockStack gap="400">
        <WelcomeOutcome result={result} />
        <ul className="choices">
          {waiting.map(({ id, title, name, figures }) => {
            const source = sources.find((one) => one.connection === id);
            return (
              <li key={id}>
                <InlineStack gap="300" align="space-between" blockAlign="center">
                  <BlockStack gap="050">
                    <Text as="h3" variant="headingMd">
                      {title}
                    </Text>
                    <Text as="p" tone="subdued" breakWord>
                      {name}
                    </Text>
                    <InlineStack gap="200">
                      <Badge tone="success">{`${counted(figures.matched, "listing")} matched`}</Badge>
                      {figures.unmatched > 0 ? (
                        <Badge tone="attention">{`${figures.unmatched} not matched`}</Badge>
                      ) : null}
                    </InlineStack>
                  </BlockStack>
                  <InlineStack gap="200">
                    {source && source.items > 0 ? (
                      <Button
                        variant={matched === 0 ? "primary" : "secondary"}
                        loading={busy && under === id}
                        disabled={busy && under !== id}
                        onClick={() => send({ intent: "create-items", connection: id })}
                      >
                        {MATCH_STEP_WORDS.makeOfThem(counted(source.items, "item"))}
                      </Button>
                    ) : null}
                    {figures.unmatched > 0 ? (
                      <Button
                        url={`/app/listings?show=unmatched&connection=${id}`}
                        accessibilityLabel={MATCH_STEP_WORDS.matchByHand(title)}
                      >
                        {MATCH_STEP_WORDS.matchByHand2}
                      </Button>
                    ) : null}
                  </InlineStack>
                </InlineStack>
              </li>
            );
          })}
        </ul>
        {sources.some((source) => source.items > 0) ? (
          <Banner tone="info">
            {matched === 0 ? MATCH_STEP_WORDS.beginWithTheChannel : MATCH_STEP_WORDS.eachSkuThatIs}
          </Banner>
        ) : null}
      </BlockStack>
    </StepCard>
  );
}
