import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Card, Page } from "@shopify/polaris";
import { Failure } from "../components/failure.tsx";
import { ItemViews } from "../components/item-views.tsx";
import { ItemsFinder } from "../components/items-finder.tsx";
import { ItemsPager } from "../components/items-pager.tsx";
import { ItemsTable } from "../components/items-table.tsx";
import { itemsUrl } from "../item-search.ts";
import { removeView, saveView } from "../item-views.server.ts";
import { readItems } from "../items.server.ts";
import { nothingText } from "../items-texts.ts";
import { requireMerchant } from "../merchant.server.ts";
import { useLiveRows } from "../use-live-rows.ts";

export const meta: MetaFunction = () => [{ title: "Items · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const merchant = await requireMerchant(request, context);
  const items = await readItems(context, merchant, new URL(request.url));
  return { ...items, embedded: context.gate.embedded };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const merchant = await requireMerchant(request, context);
  const form = await request.formData();
  switch (form.get("intent")) {
    case "save-view":
      return saveView(context, merchant, form);
    case "remove-view":
      return removeView(context, merchant, form);
    default:
      throw new Response("Load the page again and retry.", { status: 400 });
  }
}

export default function Items() {
  const data = useLoaderData<typeof loader>();
  const { columns, searched, found } = data;
  const { q, category, channel, show, sort, descending } = searched;
  const shifting = show !== "all" || (sort !== "sku" && sort !== "title");
  const rows = useLiveRows(data.embedded, data.rows, shifting);
  return (
    <Page title="Items" fullWidth>
      <Card padding="0">
        <ItemsFinder
          searched={searched}
          found={found}
          categories={data.categories}
          columns={columns}
        >
          <ItemViews views={data.views} searched={searched} />
        </ItemsFinder>
        <ItemsTable
          rows={rows}
          columns={columns}
          none={nothingText(
            show,
            [q, category, channel].some((one) => one !== ""),
          )}
          order={{ sort, descending, url: (order) => itemsUrl({ ...searched, ...order }) }}
        />
        <ItemsPager page={data} searched={searched} />
      </Card>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
