import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Box, Card, Layout, Page, Text } from "@shopify/polaris";
import { useState } from "react";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { Pager } from "../components/pager.tsx";
import { ListingFinder } from "../listings/listing-finder.tsx";
import { ListingTable } from "../listings/listing-table.tsx";
import type { ShownListing } from "../listings/listing-texts.ts";
import { changeMatch, readListings } from "../listings/listings.server.ts";
import { MatchCard } from "../listings/match-card.tsx";
import { useLive } from "../live/use-live.ts";
import { LISTINGS_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "Listings · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "listings.see");
  const page = await readListings(context, shop.id, new URL(request.url));
  return { ...page, embedded: context.gate.embedded };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "listings.match");
  return changeMatch(context, shop.id, await request.formData());
}

export default function Listings() {
  const { rows, counts, columns, searched, embedded, ...ends } = useLoaderData<typeof loader>();
  const [matching, setMatching] = useState<ShownListing>();
  useLive(embedded);
  // What was matched leaves a page of unmatched listings; what became of it is still to be read.
  const chosen = rows.find((row) => row.id === matching?.id) ?? matching;
  const close = () => {
    setMatching(undefined);
    document.getElementById(`match-${matching?.id}`)?.focus();
  };
  return (
    <Page title="Listings" subtitle={LISTINGS_WORDS.whatEachChannelOffers} fullWidth>
      <Layout>
        <Layout.Section>
          <Card padding="0">
            <ListingFinder searched={searched} counts={counts} columns={columns} />
            {rows.length === 0 ? (
              <Box padding="600">
                <Text as="p" alignment="center" tone="subdued">
                  {LISTINGS_WORDS.noListingIsLike}
                </Text>
              </Box>
            ) : (
              <ListingTable
                rows={rows as ShownListing[]}
                columns={columns}
                chosen={matching?.id}
                onMatch={setMatching}
              />
            )}
            <Pager label={LISTINGS_WORDS.pagesOfListings} ends={ends} />
          </Card>
        </Layout.Section>
        {chosen ? (
          <Layout.Section variant="oneThird">
            <MatchCard key={chosen.id} listing={chosen as ShownListing} onDone={close} />
          </Layout.Section>
        ) : null}
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
