import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import type { ChannelView } from "../channels/channels.server.ts";
import type { PlacesView } from "../channels/places.ts";
import { PlacesCard } from "../channels/places-card.tsx";
import { TaskProgress } from "../components/task-progress.tsx";
import { IMPORT_STEP_WORDS } from "./part-texts.ts";
import { StepCard } from "./step-card.tsx";
import { useWelcome, WelcomeOutcome } from "./use-welcome.tsx";

interface Props {
  waiting: ChannelView[];
  /** Where stock is counted, of those that have several places for it. */
  places: PlacesView[];
}

/** How far the import of each new connection is, and where its numbers are to go. */
export function ImportStep({ waiting, places }: Props) {
  const { send, busy, result } = useWelcome();
  const failed = waiting.some((view) => view.tasks.import?.state === "failed");
  const open = waiting.some((view) => view.tasks.import?.state !== "done");
  return (
    <StepCard step="import" blocked={open ? "It goes on as soon as all are in." : undefined}>
      <BlockStack gap="400">
        <WelcomeOutcome result={result} />
        {waiting.map(({ id, title, name, tasks }) => (
          <BlockStack key={id} gap="100">
            <Text as="h3" variant="headingSm">
              {name === title ? title : `${title} · ${name}`}
            </Text>
            {tasks.import ? (
              <TaskProgress tasks={{ import: tasks.import }} />
            ) : (
              <Text as="p" tone="subdued">
                {IMPORT_STEP_WORDS.waitingForItsTurn}
              </Text>
            )}
          </BlockStack>
        ))}
        {places.map((view) => (
          <PlacesCard key={view.connection} view={view} decides />
        ))}
        <InlineStack>
          <Button loading={busy} onClick={() => send({ intent: "import" })}>
            {failed ? "Try again" : IMPORT_STEP_WORDS.readEverythingAgain}
          </Button>
        </InlineStack>
      </BlockStack>
    </StepCard>
  );
}
