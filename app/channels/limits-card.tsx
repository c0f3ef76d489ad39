import { BlockStack, Card, Text } from "@shopify/polaris";
import type { ConnectorLimits } from "../../connectors/connector.ts";
import type { LatestWork } from "../../prisma/channel-facts.ts";
import { useFormat } from "../use-format.ts";
import { leftText, limitTexts, revisionsLeftText } from "./channel-texts.ts";
import { LIMITS_CARD_WORDS } from "./part-texts.ts";

interface Props {
  limits: ConnectorLimits;
  latest: LatestWork;
  now: number;
}

/** What the marketplace allows and what is left of it: why a number may take the time it takes. */
export function LimitsCard({ limits, latest, now }: Props) {
  const format = useFormat();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {LIMITS_CARD_WORDS.whatItAllows}
        </Text>
        <dl className="limits">
          {limitTexts(limits, format).map(({ name, text, counts }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {text}
                <span className="second-line">
                  {counts === "revisions" && limits.revisions
                    ? revisionsLeftText(latest.revisions, limits.revisions, format)
                    : leftText(
                        latest.paces.find(({ call }) => call === counts),
                        now,
                        format,
                      )}
                </span>
              </dd>
            </div>
          ))}
        </dl>
      </BlockStack>
    </Card>
  );
}
