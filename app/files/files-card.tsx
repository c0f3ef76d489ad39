import { BlockStack, Card, Text } from "@shopify/polaris";
import { FORMATS } from "../../jobs/imports/formats.ts";
import { useCan } from "../access/use-person.ts";
import { DownloadButton } from "./download-button.tsx";
import { maySee } from "./import-kind.ts";
import { FILES_CARD_WORDS } from "./part-texts.ts";

/** What can be taken home, in the very columns that can be imported again. */
export function FilesCard() {
  const can = useCan();
  if (!can("data.export")) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Export
        </Text>
        <Text as="p" tone="subdued">
          {FILES_CARD_WORDS.allThereIsAs}
        </Text>
        <BlockStack gap="200" align="start">
          {Object.values(FORMATS)
            .filter(({ kind }) => maySee(can, kind))
            .map(({ kind, title }) => (
              <DownloadButton
                key={kind}
                url={`/app/export/${kind}.csv`}
                name={`ballast-${kind}.csv`}
              >{`Export ${title.toLowerCase()}`}</DownloadButton>
            ))}
          <DownloadButton url="/app/history.csv" name="ballast-movements.csv">
            Export movements
          </DownloadButton>
        </BlockStack>
      </BlockStack>
    </Card>
  );
}
