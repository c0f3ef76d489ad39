import { BlockStack, Card, Text } from "@shopify/polaris";
import { useFormat } from "../use-format.ts";
import { ENDED_TITLES, HOLD_TEXTS } from "./hold-texts.ts";
import type { HoldsPage } from "./holds.server.ts";

const STATES = ["committed", "expired", "released"] as const;
const COLOURS = { committed: "#0a7d5a", expired: "#b98900", released: "#8a8a8a" } as const;

/** How many holds were bought, and what became of the others. */
export function EndedCard({ ended }: Pick<HoldsPage, "ended">) {
  const { number, units } = useFormat();
  const total = ended.reduce((sum, { holds }) => sum + holds, 0);
  const of = (state: (typeof STATES)[number]) =>
    ended.find((one) => one.state === state) ?? { holds: 0, units: 0 };
  const percent = (holds: number) => number(Math.round((holds / total) * 100));
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {HOLD_TEXTS.ended.title}
          </Text>
          <Text as="p" tone="subdued">
            {total === 0 ? HOLD_TEXTS.ended.none : HOLD_TEXTS.ended.text}
          </Text>
        </BlockStack>
        {total === 0 ? null : (
          <>
            <div className="share-bar" aria-hidden>
              {STATES.map((state) => (
                <span
                  key={state}
                  style={{ background: COLOURS[state], flexGrow: of(state).holds }}
                />
              ))}
            </div>
            <dl className="facts" data-testid="ended">
              {STATES.map((state) => (
                <div key={state}>
                  <dt>
                    <span className="dot" style={{ background: COLOURS[state] }} aria-hidden />
                    {ENDED_TITLES[state]}
                  </dt>
                  <dd>{`${number(of(state).holds)} · ${percent(of(state).holds)} %`}</dd>
                  <dd>{units(of(state).units)}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
