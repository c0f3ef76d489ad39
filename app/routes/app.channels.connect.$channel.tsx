import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useFetcher, useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { requireMerchant } from "../access/merchant.server.ts";
import {
  type BeginResult,
  beginConsent,
  broughtAlong,
  readConsent,
} from "../channels/begin-consent.server.ts";
import { ConsentQuestion } from "../channels/consent-question.tsx";
import { MissingKeys } from "../channels/missing-keys.tsx";
import { Failure } from "../components/failure.tsx";
import { CHANNELS_CONNECT_CHANNEL_WORDS } from "../page-texts.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Connect ${data?.title ?? "a marketplace"} · Ballast` },
];

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  await requireMerchant(request, context, "channels.manage");
  // Inside Shopify's admin its own shop is connected by a button, without another page.
  if (context.gate.embedded && params.channel === "shopify") throw redirect("/app/channels");
  const query = Object.fromEntries(new URL(request.url).searchParams);
  return { ...readConsent(context, params.channel ?? ""), brought: broughtAlong(query) };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "channels.manage");
  const form = await request.formData();
  const given = [...form].flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return beginConsent(context, shop.id, params.channel ?? "", Object.fromEntries(given));
}

/** What will happen, what has to be known first, and the way to the marketplace's own page. */
export default function Connect() {
  const { title, asks, missing, brought } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<BeginResult>();
  const first = asks.map(({ name, choices }) => [name, choices?.[0]?.value ?? ""]);
  const [answers, setAnswers] = useState<Record<string, string>>(Object.fromEntries(first));
  const result = fetcher.data;
  const errors = result?.outcome === "invalid" ? result.errors : {};
  useGoAway(result);
  const leaving = fetcher.state !== "idle" || result?.outcome === "away";
  return (
    <Page title={`Connect ${title}`} backAction={{ content: "Channels", url: "/app/channels" }}>
      <BlockStack gap="400">
        {missing.length > 0 ? <MissingKeys title={title} missing={missing} /> : null}
        {result?.outcome === "refused" ? <Banner tone="warning">{result.why}</Banner> : null}
        <Card>
          <fetcher.Form method="post">
            <BlockStack gap="400">
              <Text as="p">{CHANNELS_CONNECT_CHANNEL_WORDS.youGoToNow(title)}</Text>
              {Object.entries(brought).map(([name, value]) => (
                <input key={name} type="hidden" name={name} value={value} />
              ))}
              {asks.map((question) => (
                <ConsentQuestion
                  key={question.name}
                  question={question}
                  value={answers[question.name] ?? ""}
                  error={errors[question.name]}
                  onChange={(value) => setAnswers({ ...answers, [question.name]: value })}
                />
              ))}
              <InlineStack>
                <Button variant="primary" submit loading={leaving} disabled={missing.length > 0}>
                  {`Continue to ${title}`}
                </Button>
              </InlineStack>
            </BlockStack>
          </fetcher.Form>
        </Card>
      </BlockStack>
    </Page>
  );
}

/** A marketplace's page stands in nobody's frame: it takes the whole window. */
function useGoAway(result: BeginResult | undefined): void {
  const url = result?.outcome === "away" ? result.url : undefined;
  useEffect(() => {
    if (url !== undefined) window.open(url, "_top");
  }, [url]);
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
