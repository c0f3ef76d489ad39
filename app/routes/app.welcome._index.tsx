import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { useLive } from "../live/use-live.ts";
import { BuffersStep } from "../welcome/buffers-step.tsx";
import { ChannelsStep } from "../welcome/channels-step.tsx";
import { DryRunStep } from "../welcome/dry-run-step.tsx";
import { ImportStep } from "../welcome/import-step.tsx";
import { LiveStep } from "../welcome/live-step.tsx";
import { MatchStep } from "../welcome/match-step.tsx";
import { NothingWaits } from "../welcome/nothing-waits.tsx";
import { StartStep } from "../welcome/start-step.tsx";
import { StepList } from "../welcome/step-list.tsx";
import { StockStep } from "../welcome/stock-step.tsx";
import { readWelcome, type Welcome } from "../welcome/welcome.server.ts";
import { changeWelcome } from "../welcome/welcome-actions.server.ts";
import type { WelcomeStep } from "../welcome/welcome-steps.ts";

export const meta: MetaFunction = () => [{ title: "Get started · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const merchant = await requireMerchant(request, context, "onboarding.golive");
  const address = new URL(request.url);
  const welcome = await readWelcome(context, merchant, address);
  // A step stays on the page until the merchant goes on, though the record is further already.
  if (!address.searchParams.has("step")) {
    address.searchParams.set("step", welcome.current);
    throw redirect(`/app/welcome${address.search}`);
  }
  return { ...welcome, embedded: context.gate.embedded };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const merchant = await requireMerchant(request, context, "onboarding.golive");
  const result = await changeWelcome(context, merchant, await request.formData());
  if (result.outcome === "live") throw redirect("/app/welcome?step=live");
  return result;
}

/** From install to the first protected sale. Where a merchant stands is what the record says. */
export default function GetStarted() {
  const { embedded, ...welcome } = useLoaderData<typeof loader>();
  useLive(embedded);
  const { facts, current, data } = welcome;
  return (
    <Page title="Get started" fullWidth>
      <div className="welcome">
        <StepList facts={facts} current={current} shown={data.step} />
        <Step welcome={welcome} embedded={embedded} />
      </div>
    </Page>
  );
}

/** Steps that are about channels which are not live yet. */
const ABOUT_WAITING: readonly WelcomeStep[] = ["import", "match", "buffers", "dry-run"];

function Step({ welcome, embedded }: { welcome: Welcome; embedded: boolean }) {
  const { data, facts, waiting, live, titles } = welcome;
  if (waiting.length === 0 && live.length > 0 && ABOUT_WAITING.includes(data.step)) {
    return <NothingWaits step={data.step} />;
  }
  switch (data.step) {
    case "start":
      return <StartStep />;
    case "channels":
      return <ChannelsStep {...data} embedded={embedded} />;
    case "import":
      return <ImportStep waiting={waiting} places={data.places} />;
    case "match":
      return <MatchStep {...data} {...facts} waiting={waiting} />;
    case "stock":
      return <StockStep {...data} facts={facts} titles={titles} />;
    case "buffers":
      return <BuffersStep buffers={data.buffers} />;
    case "dry-run":
      return <DryRunStep data={data} waiting={waiting} titles={titles} />;
    case "live":
      return <LiveStep live={live} sale={data.sale} titles={titles} />;
  }
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
