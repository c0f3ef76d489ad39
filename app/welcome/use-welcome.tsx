import { useFetcher } from "@remix-run/react";
import { Banner } from "@shopify/polaris";
import { useFormat } from "../use-format.ts";
import { USE_WELCOME_WORDS } from "./part-texts.ts";
import type { WelcomeResult } from "./welcome-actions.server.ts";

/** Sends what a step's form says, and has what became of it. */
export function useWelcome() {
  const fetcher = useFetcher<WelcomeResult>();
  return {
    fetcher,
    busy: fetcher.state !== "idle",
    result: fetcher.state === "idle" ? fetcher.data : undefined,
    send: (fields: Record<string, string>) => fetcher.submit(fields, { method: "post" }),
  };
}

/** What a step's button did, as a sentence. */
export function WelcomeOutcome({ result }: { result: WelcomeResult | undefined }) {
  return (
    <div role="status" className="outcome-inline">
      {result ? <Sentence result={result} /> : null}
    </div>
  );
}

function Sentence({ result }: { result: WelcomeResult }) {
  const { counted } = useFormat();
  switch (result.outcome) {
    case "importing":
      return <Banner tone="info">{USE_WELCOME_WORDS.everyWaitingChannelIs}</Banner>;
    case "items":
      return (
        <Banner tone="success">
          {`${counted(result.made, "item")} made, ${counted(result.matched, "listing")} matched.`}
        </Banner>
      );
    case "refused":
      return <Banner tone="warning">{result.why}</Banner>;
    case "counting":
    case "buffers":
    case "buffers-invalid":
    case "stop":
    case "live":
      return null;
  }
}
