import { useRouteLoaderData } from "@remix-run/react";
import { Banner } from "@shopify/polaris";
import { useCan } from "../access/use-person.ts";
import type { loader } from "../routes/app.tsx";
import { NOT_LIVE_BANNER_WORDS } from "./part-texts.ts";

/** Until something is live a shop's numbers say little: the way on is another page. */
export function NotLiveBanner() {
  const layout = useRouteLoaderData<typeof loader>("routes/app");
  const may = useCan()("onboarding.golive");
  if (!may || layout?.starting !== "nothing-live") return null;
  return (
    <Banner
      tone="info"
      title={NOT_LIVE_BANNER_WORDS.nothingIsPushedYet}
      action={{ content: "Get started", url: "/app/welcome" }}
    >
      {NOT_LIVE_BANNER_WORDS.connectYourChannelsLook}
    </Banner>
  );
}
