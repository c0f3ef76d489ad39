import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Badge, Banner, BlockStack, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { BatchCard } from "../files/batch-card.tsx";
import { BatchProblems } from "../files/batch-problems.tsx";
import { stateText } from "../files/batch-texts.ts";
import { changeBatch, readBatch } from "../files/batches.server.ts";
import { MappingCard } from "../files/mapping-card.tsx";
import { useBatch } from "../files/use-batch.ts";
import { useLive } from "../live/use-live.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.batch.title ?? "Batch"} · Ballast` },
];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "data.import");
  const after = new URL(request.url).searchParams.get("after") ?? "";
  const line = /^\d{1,9}$/.test(after) ? Number(after) : -1;
  const page = await readBatch(context, shop, params.id ?? "", line);
  if (!page) throw new Response("There is no such batch.", { status: 404 });
  return { ...page, embedded: context.gate.embedded };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const merchant = await requireMerchant(request, context, "data.import");
  return changeBatch(context, merchant, params.id ?? "", await request.formData());
}

export default function Batch() {
  const { batch, file, problems, next, first, embedded } = useLoaderData<typeof loader>();
  const fetcher = useBatch(batch.id);
  useLive(embedded);
  const state = stateText(batch.state);
  const maps = file !== null && (batch.state === "mapping" || batch.state === "checked");
  return (
    <Page
      title={batch.title}
      titleMetadata={<Badge tone={state.tone}>{state.text}</Badge>}
      backAction={{ content: "Batches", url: "/app/batches" }}
    >
      <BlockStack gap="400">
        <div role="status" className="outcome">
          {fetcher.data?.outcome === "refused" ? (
            <Banner tone="warning">{fetcher.data.why}</Banner>
          ) : null}
        </div>
        <BatchCard key={batch.state} batch={batch} fetcher={fetcher} />
        {problems.length > 0 ? (
          <BatchProblems batch={batch} problems={problems} next={next} first={first} />
        ) : null}
        {maps && file ? (
          <MappingCard kind={batch.kind} file={file} state={batch.state} fetcher={fetcher} />
        ) : null}
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
