import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { readChannels } from "../channels/channels.server.ts";
import { MarketplaceCard } from "../channels/marketplace-card.tsx";
import { Failure } from "../components/failure.tsx";
import { useLive } from "../live/use-live.ts";
import { CHANNELS_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "Channels · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "channels.see");
  const channels = await readChannels(context, shop.id);
  const connected = new URL(request.url).searchParams.has("connected");
  return { ...channels, connected, embedded: context.gate.embedded };
}

export default function Channels() {
  const { marketplaces, connected, embedded } = useLoaderData<typeof loader>();
  useLive(embedded);
  return (
    <Page title="Channels" subtitle={CHANNELS_WORDS.theMarketplacesYouSell}>
      <BlockStack gap="400">
        {connected ? <Banner tone="success">{CHANNELS_WORDS.connectedWhatYouList}</Banner> : null}
        {marketplaces.map((marketplace) => (
          <MarketplaceCard
            key={marketplace.channel}
            marketplace={marketplace}
            embedded={embedded}
          />
        ))}
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
