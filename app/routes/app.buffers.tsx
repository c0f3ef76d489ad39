import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData, useRouteError } from "@remix-run/react";
import { Box, Layout, Page } from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { BufferRule } from "../../inventory/buffer.ts";
import { requireMerchant } from "../access/merchant.server.ts";
import { useCan } from "../access/use-person.ts";
import { changeBuffers, type RuleResult, readBuffers } from "../buffers/buffers.server.ts";
import { EMPTY_RULE, ruleFields } from "../buffers/rule-fields.ts";
import { RuleForm } from "../buffers/rule-form-card.tsx";
import { RuleList } from "../buffers/rule-list.tsx";
import { RuleOutcome } from "../buffers/rule-outcome.tsx";
import { type WhyRule, whyRule } from "../buffers/why-rule.server.ts";
import { WhyRuleCard } from "../buffers/why-rule-card.tsx";
import { Failure } from "../components/failure.tsx";
import { BUFFERS_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "Buffers · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "buffers.see");
  const address = new URL(request.url);
  const sku = address.searchParams.get("sku")?.trim().slice(0, 200) ?? "";
  const [buffers, why] = await Promise.all([
    readBuffers(context, shop.id, address),
    sku === "" ? null : whyRule(context, shop.id, sku),
  ]);
  return { ...buffers, why };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "buffers.change");
  return changeBuffers(context, shop, await request.formData());
}

export default function Buffers() {
  const { rules, categories, columns, skus, why, ...ends } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<RuleResult>();
  const changes = useCan()("buffers.change");
  const [editing, setEditing] = useState<BufferRule>();
  // A form that was saved is over: the next one begins empty.
  const [saved, setSaved] = useState(0);
  useEffect(() => {
    if (fetcher.data?.outcome !== "saved") return;
    setEditing(undefined);
    setSaved((count) => count + 1);
  }, [fetcher.data]);
  const start = editing
    ? ruleFields(editing, editing.item === undefined ? undefined : skus[editing.item])
    : EMPTY_RULE;
  const errors = fetcher.data?.outcome === "invalid" ? fetcher.data.errors : {};
  const remove = (rule: string) =>
    fetcher.submit({ intent: "preview-remove", rule }, { method: "post" });
  return (
    <Page title="Buffers" subtitle={BUFFERS_WORDS.howMuchOfYour} fullWidth>
      <Layout>
        <Layout.Section>
          <RuleOutcome fetcher={fetcher} columns={columns} />
          <RuleList
            rules={rules}
            ends={ends}
            skus={skus}
            columns={columns}
            onEdit={setEditing}
            onRemove={remove}
          />
          <Box paddingBlockStart="400">
            <WhyRuleCard key={why?.sku ?? ""} why={why as WhyRule | null} columns={columns} />
          </Box>
        </Layout.Section>
        {changes ? (
          <Layout.Section variant="oneThird">
            <RuleForm
              key={`${editing?.id} ${saved}`}
              fetcher={fetcher}
              start={start}
              editing={editing !== undefined}
              onCancel={() => setEditing(undefined)}
              categories={categories}
              columns={columns}
              errors={errors}
            />
          </Layout.Section>
        ) : null}
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
