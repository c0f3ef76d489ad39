import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError, useSearchParams } from "@remix-run/react";
import { Box, Button, Card, InlineStack, Layout, Page, Text } from "@shopify/polaris";
import { useState } from "react";
import type { ListingRow } from "../../prisma/listing-page.ts";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { ListingFinder } from "../listings/listing-finder.tsx";
import { ListingTable } from "../listings/listing-table.tsx";
import { changeMatch, listingsSearch, readListings } from "../listings/listings.server.ts";
import { MatchCard } from "../listings/match-card.tsx";
import { useLive } from "../live/use-live.ts";

export const meta: MetaFunction = () => [{ title: "Listings · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "listings.see");
  const page = await readListings(context, shop.id, listingsSearch(new URL(request.url)));
  return { ...page, embedded: context.gate.embedded };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "listings.match");
  return changeMatch(context, shop.id, await request.formData());
}

export default function Listings() {
  const { rows, next, counts, columns, searched, embedded } = useLoaderData<typeof loader>();
  const [matching, setMatching] = useState<ListingRow>();
  const [search, setSearch] = useSearchParams();
  useLive(embedded);
  // What was matched leaves a page of unmatched listings; what became of it is still to be read.
  const chosen = rows.find((row) => row.id === matching?.id) ?? matching;
  const close = () => {
    setMatching(undefined);
    document.getElementById(`match-${matching?.id}`)?.focus();
  };
  return (
    <Page
      title="Listings"
      subtitle="What each channel offers, and which of your items a sale of it takes. What is not matched is not pushed."
      fullWidth
    >
      <Layout>
        <Layout.Section>
          <Card padding="0">
            <ListingFinder searched={searched} counts={counts} columns={columns} />
            {rows.length === 0 ? (
              <Box padding="600">
                <Text as="p" alignment="center" tone="subdued">
                  No listing is like that.
                </Text>
              </Box>
            ) : (
              <ListingTable
                rows={rows as ListingRow[]}
                columns={columns}
                chosen={matching?.id}
                onMatch={setMatching}
              />
            )}
            {next === null && search.get("after") === null ? null : (
              <Box padding="300" borderBlockStartWidth="025" borderColor="border-secondary">
                <InlineStack align="center" gap="200">
                  <Button
                    disabled={search.get("after") === null}
                    onClick={() => setSearch(withAfter(search, null))}
                  >
                    First page
                  </Button>
                  <Button
                    disabled={next === null}
                    onClick={() => setSearch(withAfter(search, next))}
                  >
                    Next page
                  </Button>
                </InlineStack>
              </Box>
            )}
          </Card>
        </Layout.Section>
        {chosen ? (
          <Layout.Section variant="oneThird">
            <MatchCard key={chosen.id} listing={chosen as ListingRow} onDone={close} />
          </Layout.Section>
        ) : null}
      </Layout>
    </Page>
  );
}

function withAfter(search: URLSearchParams, after: string | null): URLSearchParams {
  const changed = new URLSearchParams(search);
  if (after === null) changed.delete("after");
  else changed.set("after", after);
  return changed;
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
