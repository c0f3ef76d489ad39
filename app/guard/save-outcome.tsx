import { Banner } from "@shopify/polaris";
import { useFormat } from "../use-format.ts";
import { SAVE_OUTCOME_WORDS } from "./part-texts.ts";

/** How it ended for a form whose change is previewed before it is saved. */
export type Ended =
  | { outcome: "invalid" }
  | { outcome: "refused"; why: string }
  /** `by`: whether the numbers follow at once, or are being worked out. */
  | { outcome: "done"; what: string; listings: number; by: "now" | "worker"; batch?: string };

/** What has become of such a form, as a sentence, and the way back where there is one. */
export function SaveOutcome({ ended }: { ended: Ended }) {
  const { counted } = useFormat();
  switch (ended.outcome) {
    case "invalid":
      return <Banner tone="warning">{SAVE_OUTCOME_WORDS.invalid}</Banner>;
    case "refused":
      return <Banner tone="warning">{ended.why}</Banner>;
    case "done": {
      const { what, listings, by, batch } = ended;
      const undo = { content: SAVE_OUTCOME_WORDS.undo, url: `/app/batches/${batch}` };
      return (
        <Banner tone="success" {...(batch === undefined ? {} : { action: undo })}>
          {SAVE_OUTCOME_WORDS.done(what, counted(listings, "listing"), by)}
        </Banner>
      );
    }
  }
}
