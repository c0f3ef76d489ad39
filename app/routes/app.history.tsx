import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useNavigate, useRouteError } from "@remix-run/react";
import { Box, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { useCan } from "../access/use-person.ts";
import { Failure } from "../components/failure.tsx";
import { DownloadButton } from "../files/download-button.tsx";
import { readHistory } from "../history/history.server.ts";
import { HistoryFinder } from "../history/history-finder.tsx";
import { historyParams } from "../history/history-search.ts";
import { MovementsTable } from "../items/movements-table.tsx";
import { HISTORY_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "History · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const merchant = await requireMerchant(request, context);
  return readHistory(context, merchant, new URL(request.url));
}

export default function History() {
  const data = useLoaderData<typeof loader>();
  const can = useCan();
  const { rows, searched, columns } = data;
  const params = historyParams(searched).toString();
  return (
    <Page title="History" subtitle={HISTORY_WORDS.everyMovementOfEvery} fullWidth>
      <Card padding="0">
        <HistoryFinder key={params} searched={searched} actors={data.actors} columns={columns} />
        {rows.length === 0 ? (
          <Box padding="600">
            <Text as="p" alignment="center" tone="subdued">
              {params === "" ? HISTORY_WORDS.nothingHasMovedYet : HISTORY_WORDS.noMovementIsLike}
            </Text>
          </Box>
        ) : (
          <MovementsTable
            caption={HISTORY_WORDS.movementsNewestFirst}
            rows={rows}
            columns={columns}
            locations={data.locations}
          />
        )}
        <Box padding="300" borderBlockStartWidth="025" borderColor="border-secondary">
          <InlineStack align="center" gap="200">
            <Pages params={params} newest={data.newest} older={data.older} />
            {can("data.export") ? (
              <DownloadButton
                url={`/app/history.csv${params === "" ? "" : `?${params}`}`}
                name="history.csv"
              >
                Export CSV
              </DownloadButton>
            ) : null}
          </InlineStack>
        </Box>
      </Card>
    </Page>
  );
}

function Pages({
  params,
  newest,
  older,
}: {
  params: string;
  newest: boolean;
  older: string | null;
}) {
  const navigate = useNavigate();
  const go = (before?: string) => {
    const search = new URLSearchParams(params);
    if (before !== undefined) search.set("before", before);
    navigate(`/app/history?${search}`);
  };
  return (
    <>
      <Button disabled={newest} onClick={() => go()}>
        Newest
      </Button>
      <Button disabled={older === null} onClick={() => older !== null && go(older)}>
        Older
      </Button>
    </>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
