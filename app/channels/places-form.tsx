import { BlockStack, Button, ChoiceList, InlineStack, Select } from "@shopify/polaris";
import { useState } from "react";
import { type ChosenPlaces, type PlacesView, usableOf } from "./places.ts";
import { PLACES_TEXTS as T } from "./places-texts.ts";

interface Props {
  view: PlacesView;
  chosen: ChosenPlaces;
  saving: boolean;
  onSave(chosen: ChosenPlaces): void;
}

/** Which place shows the numbers, which are kept at 0, and which of our shelves that is. */
export function PlacesForm({ view, chosen, saving, onSave }: Props) {
  const [wanted, setWanted] = useState(chosen);
  const usable = usableOf(view.places ?? []);
  const others = usable.filter(({ id }) => id !== wanted.told);
  const options = usable.map(({ id, name }) => ({ label: name, value: id }));
  const dirty = JSON.stringify(wanted) !== JSON.stringify(chosen);
  if (usable.length < 2 && view.locations.length < 2 && !view.lost) return null;
  /** What showed the numbers until now is kept at 0: left alone, it would sell them a second time. */
  const tell = (told: string) => {
    const before = told === wanted.told ? [] : [wanted.told];
    const emptied = [...new Set([...wanted.emptied, ...before])].filter((id) => id !== told);
    setWanted({
      ...wanted,
      told,
      emptied: emptied.filter((id) => usable.some((p) => p.id === id)),
    });
  };
  return (
    <BlockStack gap="300">
      {usable.length > 1 || view.lost ? (
        <Select
          label={T.told(view)}
          helpText={T.toldHelp}
          options={view.lost ? [{ label: "–", value: wanted.told }, ...options] : options}
          value={wanted.told}
          onChange={tell}
        />
      ) : null}
      {others.length > 0 ? (
        <ChoiceList
          allowMultiple
          title={T.emptied(view)}
          choices={others.map(({ id, name }) => ({ label: name, value: id }))}
          selected={wanted.emptied}
          onChange={(emptied) => setWanted({ ...wanted, emptied })}
        />
      ) : null}
      {view.locations.length > 1 ? (
        <Select
          label={T.shipsFrom(view)}
          helpText={T.shipsFromHelp}
          options={[
            { label: T.shipsFirst, value: "" },
            ...view.locations.map(({ code, name }) => ({ label: name, value: code })),
          ]}
          value={wanted.shipsFrom ?? ""}
          onChange={(code) => setWanted({ ...wanted, shipsFrom: code || null })}
        />
      ) : null}
      <InlineStack>
        <Button
          variant="primary"
          disabled={!dirty}
          loading={saving}
          accessibilityLabel={`${T.save}: ${T.heading(view)}`}
          onClick={() => onSave(wanted)}
        >
          {T.save}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
