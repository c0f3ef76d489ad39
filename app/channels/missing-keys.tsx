import { Banner, BlockStack, List } from "@shopify/polaris";
import { MISSING_KEYS_WORDS } from "./part-texts.ts";

/** Names what whoever runs Ballast has to set. Names only: a value is never shown anywhere. */
export function MissingKeys({ title, missing }: { title: string; missing: readonly string[] }) {
  return (
    <Banner tone="warning" title={MISSING_KEYS_WORDS.cannotBeConnectedHere(title)}>
      <BlockStack gap="100">
        <span>{MISSING_KEYS_WORDS.ballastIsNotSet}</span>
        <List>
          {missing.map((name) => (
            <List.Item key={name}>
              <code>{name}</code>
            </List.Item>
          ))}
        </List>
      </BlockStack>
    </Banner>
  );
}
