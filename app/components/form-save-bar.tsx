import { SaveBar } from "@shopify/app-bridge-react";
import { ContextualSaveBar } from "@shopify/polaris";
import { useEmbedded } from "../access/use-person.ts";

interface Props {
  /** Something was changed and not saved: only then there is a bar. */
  dirty: boolean;
  saving: boolean;
  /** What saving is called, where the admin does not name it. */
  saveLabel?: string | undefined;
  onSave(): void;
  onDiscard(): void;
}

/** Saves or discards what was changed on a page, in the bar where Shopify's admin does it. */
export function FormSaveBar({ dirty, saving, saveLabel = "Save", onSave, onDiscard }: Props) {
  if (useEmbedded()) {
    return (
      <SaveBar open={dirty}>
        <button type="button" variant="primary" disabled={saving} onClick={onSave}>
          Save
        </button>
        <button type="button" disabled={saving} onClick={onDiscard}>
          Discard
        </button>
      </SaveBar>
    );
  }
  if (!dirty) return null;
  return (
    <ContextualSaveBar
      message="Unsaved changes"
      saveAction={{ content: saveLabel, loading: saving, onAction: onSave }}
      discardAction={{ content: "Discard", disabled: saving, onAction: onDiscard }}
    />
  );
}
