import { Banner, BlockStack, List } from "@shopify/polaris";

/** Names what whoever runs Ballast has to set. Names only: a value is never shown anywhere. */
export function MissingKeys({ title, missing }: { title: string; missing: readonly string[] }) {
  return (
    <Banner tone="warning" title={`${title} cannot be connected here yet`}>
      <BlockStack gap="100">
        <span>
          Ballast is not set up as an app there. Whoever runs it sets these variables and starts it
          again:
        </span>
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
