import type { FetcherWithComponents } from "@remix-run/react";
import { Banner } from "@shopify/polaris";
import type { RuleResult } from "../buffers.server.ts";
import { useFormat } from "../use-format.ts";
import { PreviewCard } from "./preview-card.tsx";

interface Props {
  fetcher: FetcherWithComponents<RuleResult>;
  columns: { channel: string; title: string }[];
}

/** What a rule would change, with the button that makes it so; or what has become of it. */
export function RuleOutcome({ fetcher, columns }: Props) {
  return (
    <div role="status" className="outcome" data-testid="rule-outcome">
      {fetcher.data ? <Outcome result={fetcher.data} fetcher={fetcher} columns={columns} /> : null}
    </div>
  );
}

function Outcome({ result, fetcher, columns }: Props & { result: RuleResult }) {
  const { counted } = useFormat();
  switch (result.outcome) {
    case "invalid":
      return (
        <Banner tone="warning">Something in the form is not right. It is marked there.</Banner>
      );
    case "refused":
      return <Banner tone="warning">{result.why}</Banner>;
    case "saved":
    case "removed":
      return (
        <Banner tone="success">
          {`Rule ${result.outcome}. ${counted(result.listings, "listing")} changed`}
          {result.by === "now" ? "." : "; the plans are being made now."}
        </Banner>
      );
    case "preview":
      return <Preview result={result} fetcher={fetcher} columns={columns} />;
  }
}

type Previewed = Extract<RuleResult, { outcome: "preview" }>;

function Preview({ result, fetcher, columns }: Props & { result: Previewed }) {
  const save = result.of === "save";
  const fields: Record<string, string> = save
    ? { ...result.fields, intent: "save" }
    : { rule: result.rule, intent: "remove" };
  return (
    <PreviewCard
      heading={save ? "If you save this rule" : "If you remove this rule"}
      button={save ? "Save rule" : "Remove rule"}
      critical={!save}
      preview={result.preview}
      columns={columns}
      busy={fetcher.state !== "idle"}
      onConfirm={() => fetcher.submit(fields, { method: "post" })}
    />
  );
}
