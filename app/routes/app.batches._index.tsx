import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useRouteError } from "@remix-run/react";
import { Badge, Box, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { DataTable } from "../components/data-table.tsx";
import { Failure } from "../components/failure.tsx";
import { Time } from "../components/time.tsx";
import { batchText, kindText, stateText } from "../files/batch-texts.ts";
import { readBatches } from "../files/batches.server.ts";
import { useLive } from "../live/use-live.ts";
import { BATCHES_WORDS } from "../page-texts.ts";
import { useFormat } from "../use-format.ts";

export const meta: MetaFunction = () => [{ title: "Batches · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "data.import");
  const before = new URL(request.url).searchParams.get("before") ?? "";
  const cursor = /^\d{1,18}$/.test(before) ? before : undefined;
  const page = await readBatches(context, shop, cursor);
  return { ...page, embedded: context.gate.embedded };
}

export default function Batches() {
  const { batches, older, embedded } = useLoaderData<typeof loader>();
  const format = useFormat();
  useLive(embedded);
  return (
    <Page
      title="Batches"
      subtitle={BATCHES_WORDS.manyChangesMadeAt}
      primaryAction={{ content: "Import a file", url: "/app/import" }}
      fullWidth
    >
      <Card padding="0">
        {batches.length === 0 ? (
          <Box padding="600">
            <Text as="p" alignment="center" tone="subdued">
              {BATCHES_WORDS.nothingYetWhatYou}
            </Text>
          </Box>
        ) : (
          <DataTable
            caption={BATCHES_WORDS.batchesNewestFirst}
            columns={[
              { key: "title", title: "What" },
              { key: "kind", title: "Kind" },
              { key: "state", title: "State" },
              { key: "text", title: "Result" },
              { key: "actor", title: "Who" },
              { key: "at", title: "When" },
            ]}
            rows={batches.map((batch) => ({
              key: batch.id,
              cells: [
                <Link key="title" to={`/app/batches/${batch.id}`}>
                  {batch.title}
                </Link>,
                kindText(batch.kind),
                <Badge key="state" tone={stateText(batch.state).tone}>
                  {batch.undoneBy ? "Taken back" : stateText(batch.state).text}
                </Badge>,
                batchText(batch, format),
                batch.who ?? "–",
                <Time key="at" at={batch.createdAt} />,
              ],
            }))}
          />
        )}
        {older === undefined ? null : (
          <Box padding="300">
            <InlineStack align="center">
              <Button url={`/app/batches?before=${older}`}>Older</Button>
            </InlineStack>
          </Box>
        )}
      </Card>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
