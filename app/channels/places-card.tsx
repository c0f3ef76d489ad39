import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useCallback } from "react";
import { Time } from "../components/time.tsx";
import { useResultToast } from "../components/toasts.tsx";
import { useFormat } from "../use-format.ts";
import type { PlacesResult } from "./places.server.ts";
import { type ChosenPlaces, type PlacesView, usableOf } from "./places.ts";
import { PlacesForm } from "./places-form.tsx";
import { PlacesPreview } from "./places-preview.tsx";
import { chosenText, PLACES_TEXTS as T } from "./places-texts.ts";

/** At which of its marketplace's places a connection counts, to see and to choose. Row B8. */
export function PlacesCard({ view, decides }: { view: PlacesView; decides: boolean }) {
  const fetcher = useFetcher<PlacesResult>();
  const format = useFormat();
  const said = useCallback(
    (result: PlacesResult) =>
      result.outcome === "chosen" ? chosenText(result.listings, format) : null,
    [format],
  );
  useResultToast(fetcher.data, said);
  const send = (fields: Record<string, string>) =>
    fetcher.submit(fields, { method: "post", action: `/app/channels/${view.connection}` });
  const choose = ({ told, emptied, shipsFrom }: ChosenPlaces, confirm?: string) =>
    send({
      ...{ intent: "choose-places", told, emptied: emptied.join(","), shipsFrom: shipsFrom ?? "" },
      ...(confirm === undefined ? {} : { confirm }),
    });
  const busy = fetcher.state !== "idle";
  const result = busy ? undefined : fetcher.data;
  const reading = fetcher.formData?.get("intent") === "read-places";
  return (
    <div id="places">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {T.heading(view)}
          </Text>
          <div role="status">
            <Trouble view={view} result={result} />
          </div>
          <Listed view={view} />
          {result?.outcome === "preview" ? (
            <PlacesPreview
              {...{ view, result, busy }}
              onConfirm={(digest) => choose(result.chosen, digest)}
              onCancel={() => send({ intent: "read-places" })}
            />
          ) : decides && view.chosen ? (
            <PlacesForm
              key={JSON.stringify(view.chosen)}
              {...{ view, chosen: view.chosen }}
              saving={busy && !reading}
              onSave={choose}
            />
          ) : null}
          {decides ? (
            <InlineStack gap="200" blockAlign="center">
              <Button loading={reading} onClick={() => send({ intent: "read-places" })}>
                {T.read}
              </Button>
              {view.at ? (
                <Text as="span" tone="subdued">
                  {T.readOn} <Time at={view.at} />
                </Text>
              ) : null}
            </InlineStack>
          ) : null}
        </BlockStack>
      </Card>
    </div>
  );
}

function Trouble({ view, result }: { view: PlacesView; result: PlacesResult | undefined }) {
  if (result?.outcome === "unread" || result?.outcome === "refused") {
    return <Banner tone="warning">{result.why}</Banner>;
  }
  if (result?.outcome === "gone") return <Banner tone="warning">{T.gone}</Banner>;
  return view.lost ? <Banner tone="critical">{T.lost(view)}</Banner> : null;
}

/** What the marketplace has, where there is something to say of it besides the choice. */
function Listed({ view }: { view: PlacesView }) {
  const { places, chosen } = view;
  if (places === null) return <Text as="p">{T.unread(view)}</Text>;
  if (chosen === null) return <Text as="p">{T.none(view)}</Text>;
  const usable = usableOf(places);
  const unusable = places.filter((one) => one.unusable !== null);
  const told = places.find(({ id }) => id === chosen.told)?.name ?? chosen.told;
  return (
    <BlockStack gap="200">
      <Text as="p">{usable.length > 1 ? T.intro(view) : T.single(view, told)}</Text>
      {unusable.length > 0 ? (
        <ul className="plain-list">
          {unusable.map(({ id, name, unusable: why }) => (
            <li key={id}>
              <Text as="span" tone="subdued">{`${name}: ${why}`}</Text>
            </li>
          ))}
        </ul>
      ) : null}
    </BlockStack>
  );
}
