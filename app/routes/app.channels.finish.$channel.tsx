import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Button, InlineStack, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { afterConsent } from "../channels/after-consent.ts";
import { unpacked } from "../channels/came-back.ts";
import { finishConsent } from "../channels/finish-consent.server.ts";
import { finishText } from "../channels/finish-text.ts";
import { Failure } from "../components/failure.tsx";
import { CHANNELS_FINISH_CHANNEL_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "Back from the marketplace · Ballast" }];

/** The merchant is back. A state is used once, so a page that is loaded again connects nothing. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "channels.manage");
  const { channel = "" } = params;
  const came = new URL(request.url).searchParams.get("came") ?? "";
  const finished = await finishConsent(context, shop, channel, unpacked(came));
  if (finished.outcome === "connected") throw redirect(afterConsent(finished.connections));
  const title = context.services.connectorOf(channel)?.title ?? channel;
  return { channel, title, finished };
}

export default function Finish() {
  const { channel, title, finished } = useLoaderData<typeof loader>();
  const { heading, text, tone } = finishText(finished, title);
  return (
    <Page title={heading} backAction={{ content: "Channels", url: "/app/channels" }}>
      <BlockStack gap="400">
        <Banner tone={tone}>{text}</Banner>
        <InlineStack gap="200">
          <Button variant="primary" url={`/app/channels/connect/${channel}`}>
            Try again
          </Button>
          <Button url="/app/channels">{CHANNELS_FINISH_CHANNEL_WORDS.toAllChannels}</Button>
        </InlineStack>
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
