import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, InlineGrid, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { useCan } from "../access/use-person.ts";
import { Failure } from "../components/failure.tsx";
import { BalancesCard } from "../items/balances-card.tsx";
import { HistoryCard } from "../items/history-card.tsx";
import { HoldsCard } from "../items/holds-card.tsx";
import { readItem } from "../items/item.server.ts";
import { historySpanOf } from "../items/item-history.ts";
import { ListingCard } from "../items/listing-card.tsx";
import { MoveCard } from "../items/move-card.tsx";
import { moveStock } from "../items/move-stock.server.ts";
import { MovementsCard } from "../items/movements-card.tsx";
import { ReturnsCard } from "../items/returns-card.tsx";
import { useLive } from "../live/use-live.ts";
import { ITEMS_SKU_WORDS } from "../page-texts.ts";

export const meta: MetaFunction<typeof loader> = ({ params }) => [
  { title: `${params.sku} · Ballast` },
];

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context);
  const address = new URL(request.url);
  const before = Number(address.searchParams.get("before"));
  const cursor = Number.isSafeInteger(before) && before > 0 ? before : undefined;
  const page = await readItem(context, shop.id, params.sku ?? "", {
    before: cursor,
    span: historySpanOf(address),
  });
  if (!page) throw new Response(`No item has the SKU ${params.sku}.`, { status: 404 });
  return { ...page, embedded: context.gate.embedded };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "stock.move");
  return moveStock(context, shop, params.sku ?? "", await request.formData());
}

export default function Item() {
  const page = useLoaderData<typeof loader>();
  const { item, listings, columns, embedded } = page;
  const can = useCan();
  useLive(embedded, item.id);
  return (
    <Page
      title={item.sku}
      subtitle={item.title}
      backAction={{ content: "Items", url: "/app/items" }}
      fullWidth
    >
      <BlockStack gap="400">
        {page.live ? null : <Banner tone="warning">{ITEMS_SKU_WORDS.theLedgerCannotBe}</Banner>}
        {/* A grid has its columns before what is in them has arrived: nothing moves. */}
        <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird"] }} gap="400" alignItems="start">
          <BlockStack gap="400">
            <BalancesCard page={page} />
            <InlineGrid columns={{ xs: 1, lg: 2 }} gap="400" alignItems="start">
              {listings.map((listing) => (
                <ListingCard key={listing.id} listing={listing} columns={columns} />
              ))}
            </InlineGrid>
            <HistoryCard history={page.history} columns={columns} />
            <ReturnsCard returns={page.returns} columns={columns} />
            <MovementsCard page={page} />
          </BlockStack>
          <BlockStack gap="400">
            {can("stock.move") ? <MoveCard key={item.id} page={page} /> : null}
            <HoldsCard holds={page.holds} held={page.stock.held} columns={columns} />
          </BlockStack>
        </InlineGrid>
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
