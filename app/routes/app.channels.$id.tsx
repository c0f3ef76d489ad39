import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Card, Layout, Page, Text } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { useCan } from "../access/use-person.ts";
import { readChannel } from "../channels/channel.server.ts";
import { ChannelActions } from "../channels/channel-actions.tsx";
import { ChannelFacts } from "../channels/channel-facts.tsx";
import { ChoicesCard } from "../channels/choices-card.tsx";
import { ConnectedBanner } from "../channels/connected-banner.tsx";
import { decideChannel } from "../channels/decide-channel.server.ts";
import { DisconnectCard } from "../channels/disconnect-card.tsx";
import { DriftCard } from "../channels/drift-card.tsx";
import { FailingCard } from "../channels/failing-card.tsx";
import { LimitsCard } from "../channels/limits-card.tsx";
import { NoticeList } from "../channels/notice-list.tsx";
import { decidePlaces, isAboutPlaces } from "../channels/places.server.ts";
import { PlacesCard } from "../channels/places-card.tsx";
import { PushesCard } from "../channels/pushes-card.tsx";
import { StateBadge } from "../channels/state-badge.tsx";
import { Failure } from "../components/failure.tsx";
import { TaskProgress } from "../components/task-progress.tsx";
import { useLive } from "../live/use-live.ts";
import { CHANNELS_ID_WORDS } from "../page-texts.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.view.title ?? "Channel"} · Ballast` },
];

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "channels.see");
  const channel = await readChannel(context, shop.id, params.id ?? "");
  const connected = new URL(request.url).searchParams.get("connected");
  return { ...channel, connected, embedded: context.gate.embedded };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "channels.manage");
  const form = await request.formData();
  const decide = isAboutPlaces(form) ? decidePlaces : decideChannel;
  return decide(context, shop.id, params.id ?? "", form);
}

export default function Channel() {
  const { view, choices, pushes, failing, drift, limits, places, ...rest } =
    useLoaderData<typeof loader>();
  useLive(rest.embedded);
  const open = !view.disconnected;
  const decides = useCan()("channels.manage") && open;
  return (
    <Page
      title={view.title}
      subtitle={view.name === view.account ? view.name : `${view.name} · ${view.account}`}
      titleMetadata={<StateBadge state={view.state} />}
      backAction={{ content: "Channels", url: "/app/channels" }}
      fullWidth
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <ConnectedBanner word={rest.connected} view={view} />
            <NoticeList view={view} />
            <Card>
              <BlockStack gap="400">
                <Text as="h2" variant="headingMd">
                  {CHANNELS_ID_WORDS.howItIs}
                </Text>
                {open ? <TaskProgress tasks={view.tasks} /> : null}
                <ChannelFacts view={view} latest={rest.latest} now={rest.now} />
              </BlockStack>
            </Card>
            {failing.length > 0 ? <FailingCard listings={failing} /> : null}
            <DriftCard rows={drift} title={view.title} decides={decides} />
            <PushesCard pushes={pushes} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            {decides ? (
              <ChannelActions
                view={view}
                canReconnect={rest.missing.length === 0}
                hasFeed={rest.hasFeed}
              />
            ) : null}
            {places && open ? <PlacesCard view={places} decides={decides} /> : null}
            {decides ? <ChoicesCard choices={choices} /> : null}
            <LimitsCard limits={limits} latest={rest.latest} now={rest.now} />
            {decides ? <DisconnectCard view={view} /> : null}
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
