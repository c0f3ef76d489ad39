import { Link } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useCan } from "../access/use-person.ts";
import { SETTINGS_PAGES } from "./settings-pages.ts";

/** The settings that have a page of their own. */
export function SettingsLinks() {
  const can = useCan();
  return (
    <Card>
      <nav aria-label="More settings">
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            More settings
          </Text>
          {SETTINGS_PAGES.filter(({ permission }) => can(permission)).map(
            ({ url, title, text }) => (
              <div key={url}>
                <Link to={url}>{title}</Link>
                <Text as="p" tone="subdued">
                  {text}
                </Text>
              </div>
            ),
          )}
        </BlockStack>
      </nav>
    </Card>
  );
}
