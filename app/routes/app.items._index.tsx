import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Card, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { beginBulk } from "../items/bulk.server.ts";
import { BulkBar, useMayChoose } from "../items/bulk-bar.tsx";
import { EVERY_ITEM, type ItemSearch, itemParams, itemsUrl } from "../items/item-search.ts";
import { removeView, saveView } from "../items/item-views.server.ts";
import { ItemViews } from "../items/item-views.tsx";
import { readItems } from "../items/items.server.ts";
import { ItemsFinder } from "../items/items-finder.tsx";
import { ItemsPager } from "../items/items-pager.tsx";
import { ItemsTable } from "../items/items-table.tsx";
import { nothingText } from "../items/items-texts.ts";
import { useItemsChoice } from "../items/use-items-choice.ts";
import { useLiveRows } from "../live/use-live-rows.ts";

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
    case "bulk":
      return beginBulk(context, merchant, form);
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
  const chooses = useMayChoose();
  const choice = useItemsChoice(whichOf(searched));
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
        {chooses && rows.length > 0 ? (
          <BulkBar
            choice={choice}
            shown={rows.map((row) => row.item)}
            found={found}
            searched={searched}
            categories={data.categories}
            columns={columns}
          />
        ) : null}
        <ItemsTable
          rows={rows}
          columns={columns}
          none={nothingText(
            show,
            [q, category, channel].some((one) => one !== ""),
          )}
          {...(chooses ? { choice } : {})}
          order={{ sort, descending, url: (order) => itemsUrl({ ...searched, ...order }) }}
        />
        <ItemsPager ends={data} searched={searched} />
      </Card>
    </Page>
  );
}

/** Which items a search finds, however they are sorted and paged. */
function whichOf(searched: ItemSearch): string {
  const { sort, descending, size } = EVERY_ITEM;
  return itemParams({ ...searched, sort, descending, size }).toString();
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
