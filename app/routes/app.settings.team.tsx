import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Layout, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { SETTINGS_TEAM_WORDS } from "../page-texts.ts";
import { InviteCard } from "../team/invite-card.tsx";
import { JoiningCard } from "../team/joining-card.tsx";
import { PeopleCard } from "../team/people-card.tsx";
import { changeTeam, readTeam, type TeamResult } from "../team/team.server.ts";
import { TeamOutcome } from "../team/team-outcome.tsx";

export const meta: MetaFunction = () => [{ title: "Team · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "team.manage");
  const { embedded, demo } = context.gate;
  return { ...(await readTeam(context, shop.id)), embedded, demo };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "team.manage");
  return changeTeam(context, shop, await request.formData());
}

export default function Team() {
  const { people, joining, embedded, demo } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<TeamResult>();
  return (
    <Page
      title="Team"
      backAction={{ content: "Settings", url: "/app/settings" }}
      subtitle={SETTINGS_TEAM_WORDS.whoMayComeIn}
      fullWidth
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {demo ? <Banner tone="info">{SETTINGS_TEAM_WORDS.inThisDemoEverybody}</Banner> : null}
            <TeamOutcome result={fetcher.data} />
            <PeopleCard people={people} fetcher={fetcher} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          {embedded ? <JoiningCard joining={joining} /> : <InviteCard />}
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
