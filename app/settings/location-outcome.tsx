import type { FetcherWithComponents } from "@remix-run/react";
import { PreviewCard } from "../guard/preview-card.tsx";
import { SaveOutcome } from "../guard/save-outcome.tsx";
import type { LocationFields } from "./location-fields.ts";
import type { LocationResult } from "./locations.server.ts";
import { LOCATION_OUTCOME_WORDS } from "./part-texts.ts";

interface Props {
  fetcher: FetcherWithComponents<LocationResult>;
  columns: { channel: string; title: string }[];
}

/** What a location would change, with the button that makes it so; or what has become of it. */
export function LocationOutcome({ fetcher, columns }: Props) {
  return (
    <div role="status" className="outcome" data-testid="location-outcome">
      {fetcher.data ? <Outcome result={fetcher.data} fetcher={fetcher} columns={columns} /> : null}
    </div>
  );
}

function Outcome({ result, fetcher, columns }: Props & { result: LocationResult }) {
  switch (result.outcome) {
    case "invalid":
    case "refused":
      return <SaveOutcome ended={result} />;
    case "saved": {
      const { name, listings, by } = result;
      const what = LOCATION_OUTCOME_WORDS.isSaved(name);
      return <SaveOutcome ended={{ outcome: "done", what, listings, by }} />;
    }
    case "preview":
      return (
        <PreviewCard
          heading={`If you save ${result.fields.name.trim()}`}
          button="Save location"
          preview={result.preview}
          columns={columns}
          busy={fetcher.state !== "idle"}
          onConfirm={(confirm) =>
            fetcher.submit(formOf(result.fields, confirm), { method: "post" })
          }
        />
      );
  }
}

/** What was previewed, to be saved. */
function formOf({ channels, active, ...texts }: LocationFields, confirm: string): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(texts)) form.set(name, value);
  for (const channel of channels) form.append("channel[]", channel);
  if (active) form.set("active", "on");
  form.set("intent", "save");
  form.set("confirm", confirm);
  return form;
}
