import { BlockStack, Card, Text } from "@shopify/polaris";
import type { ConnectorLimits } from "../../connectors/connector.ts";
import { useFormat } from "../use-format.ts";
import { limitTexts } from "./channel-texts.ts";

/** What the marketplace allows, in human words: why a number may take the time it takes. */
export function LimitsCard({ limits }: { limits: ConnectorLimits }) {
  const format = useFormat();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What it allows
        </Text>
        <dl className="limits">
          {limitTexts(limits, format).map(({ name, text }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </BlockStack>
    </Card>
  );
}
