import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, Text } from "@shopify/polaris";
import { useCallback } from "react";
import { useResultToast } from "../components/toasts.tsx";
import type { ChannelView } from "./channels.server.ts";
import type { DecideResult } from "./decide-channel.server.ts";
import { decidedText } from "./decided-text.ts";

interface Props {
  view: ChannelView;
  /** Our app's keys for the marketplace are there. */
  canReconnect: boolean;
  hasFeed: boolean;
}

/** What a merchant can ask of a connection. Each button says what it did. */
export function ChannelActions({ view, canReconnect, hasFeed }: Props) {
  const fetcher = useFetcher<DecideResult>();
  const said = useCallback(
    (result: DecideResult) =>
      result.outcome === "refused" ? null : decidedText(result, view.title),
    [view.title],
  );
  useResultToast(fetcher.data, said);
  const under = fetcher.formData?.get("intent");
  const button = (intent: string, text: string) => (
    <Button
      fullWidth
      loading={under === intent}
      disabled={fetcher.state !== "idle" && under !== intent}
      onClick={() => fetcher.submit({ intent }, { method: "post" })}
    >
      {text}
    </Button>
  );
  // Before it is live nothing is pushed, so there is nothing to stop or to put right.
  const live = view.liveAt !== null;
  const importing = view.tasks.import?.state === "running";
  return (
    <div id="actions">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Do now
          </Text>
          <div role="status">
            {fetcher.data?.outcome === "refused" && fetcher.state === "idle" ? (
              <Banner tone="warning">{fetcher.data.why}</Banner>
            ) : null}
          </div>
          {button("check", "Check now")}
          {importing ? null : button("import", "Import listings again")}
          {live && hasFeed && view.tasks.feed?.state !== "running"
            ? button("feed", "Full feed now")
            : null}
          {live ? (
            button(
              view.paused ? "resume" : "pause",
              view.paused ? "Resume pushing" : "Pause pushing",
            )
          ) : (
            <Button fullWidth variant="primary" url="/app/welcome">
              Go live…
            </Button>
          )}
          {canReconnect ? (
            <Button fullWidth url={`/app/channels/connect/${view.channel}`}>
              Reconnect
            </Button>
          ) : null}
        </BlockStack>
      </Card>
    </div>
  );
}
