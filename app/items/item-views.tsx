import { Link, useFetcher } from "@remix-run/react";
import {
  BlockStack,
  Box,
  Button,
  Checkbox,
  InlineStack,
  Popover,
  Text,
  TextField,
} from "@shopify/polaris";
import { XSmallIcon } from "@shopify/polaris-icons";
import { useEffect, useState } from "react";
import type { ItemView } from "../../prisma/item-views.ts";
import { useCan } from "../access/use-person.ts";
import { type ItemSearch, itemParams } from "./item-search.ts";
import type { ViewResult } from "./item-views.server.ts";
import { ITEM_VIEWS_WORDS } from "./part-texts.ts";

interface Props {
  views: ItemView[];
  searched: ItemSearch;
}

/** Searches under a name: one's own and the shop's, to choose from and to add to. */
export function ItemViews({ views, searched }: Props) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const here = itemParams(searched).toString();
  const current = views.find((view) => view.search === here);
  return (
    <Popover
      active={open}
      onClose={close}
      preferredAlignment="right"
      activator={
        <Button disclosure onClick={() => setOpen(!open)}>
          {current?.name ?? "Views"}
        </Button>
      }
    >
      <Box padding="400" minWidth="17rem">
        <BlockStack gap="300">
          {views.length === 0 ? (
            <Text as="p" tone="subdued">
              {ITEM_VIEWS_WORDS.searchFilterAndSort}
            </Text>
          ) : (
            <ul className="plain-list">
              {views.map((view) => (
                <View key={view.id} view={view} current={view === current} onChosen={close} />
              ))}
            </ul>
          )}
          <SaveView search={here} />
        </BlockStack>
      </Box>
    </Popover>
  );
}

function View({
  view: { id, name, search, shared },
  current,
  onChosen,
}: {
  view: ItemView;
  current: boolean;
  onChosen(): void;
}) {
  const fetcher = useFetcher<ViewResult>();
  const can = useCan();
  return (
    <li>
      <InlineStack align="space-between" blockAlign="center" gap="200" wrap={false}>
        <span>
          <Link
            to={`/app/items?${search}`}
            onClick={onChosen}
            aria-current={current ? "page" : undefined}
          >
            {name}
          </Link>
          {shared ? (
            <Text as="span" tone="subdued">
              {" · everybody"}
            </Text>
          ) : null}
        </span>
        {shared && !can("settings.change") ? null : (
          <Button
            variant="tertiary"
            icon={XSmallIcon}
            accessibilityLabel={ITEM_VIEWS_WORDS.removeTheView(name)}
            loading={fetcher.state !== "idle"}
            onClick={() => fetcher.submit({ intent: "remove-view", view: id }, { method: "post" })}
          />
        )}
      </InlineStack>
    </li>
  );
}

function SaveView({ search }: { search: string }) {
  const fetcher = useFetcher<ViewResult>();
  const can = useCan();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const { data } = fetcher;
  useEffect(() => {
    if (data?.outcome === "view-saved") setName("");
  }, [data]);
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="save-view" />
      <input type="hidden" name="search" value={search} />
      <BlockStack gap="200">
        <TextField
          label={ITEM_VIEWS_WORDS.saveThisListAs}
          name="name"
          value={name}
          onChange={setName}
          maxLength={60}
          error={data?.outcome === "view-refused" ? data.why : undefined}
          autoComplete="off"
        />
        {can("settings.change") ? (
          <Checkbox
            label={ITEM_VIEWS_WORDS.forEverybodyOfThis}
            name="shared"
            checked={shared}
            onChange={setShared}
          />
        ) : null}
        <InlineStack>
          <Button submit loading={fetcher.state !== "idle"}>
            Save view
          </Button>
        </InlineStack>
        <span role="status">
          {data?.outcome === "view-saved" ? `Saved as ${data.name}.` : null}
        </span>
      </BlockStack>
    </fetcher.Form>
  );
}
