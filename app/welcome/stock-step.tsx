import {
  BlockStack,
  Button,
  DropZone,
  InlineStack,
  RadioButton,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import type { BatchState } from "../../inventory/batch.ts";
import type { CountSource, UncountedItem } from "../../prisma/first-counts.ts";
import type { BatchPage } from "../files/batches.server.ts";
import { useFormat } from "../use-format.ts";
import { FirstCount } from "./first-count.tsx";
import { STOCK_STEP_WORDS } from "./part-texts.ts";
import { StepCard } from "./step-card.tsx";
import { TypedCounts } from "./typed-counts.tsx";
import { useWelcome, WelcomeOutcome } from "./use-welcome.tsx";
import type { WelcomeFacts } from "./welcome-steps.ts";

interface Props {
  facts: WelcomeFacts;
  sources: CountSource[];
  items: UncountedItem[];
  locations: { code: string; name: string }[];
  titles: Record<string, string>;
  count: BatchPage | null;
}

/** One count after the other: what it leaves uncounted is shown when it has ended. */
const UNDER_WAY: readonly BatchState[] = ["checking", "checked", "applying"];

type Way = "channel" | "file" | "typed";

/** The first count: as a channel shows it, from a file, or typed. */
export function StockStep({ facts, sources, items, locations, titles, count }: Props) {
  const { counted, number } = useFormat();
  const [way, setWay] = useState<Way>(sources.length > 0 ? "channel" : "typed");
  const [place, setPlace] = useState("Main warehouse");
  const { fetcher, busy, result, send } = useWelcome();
  const done = facts.sold - facts.uncounted;
  const counting = count !== null && UNDER_WAY.includes(count.batch.state);
  const blocked = facts.sold > 0 && done === 0 ? "Count at least one item." : undefined;
  return (
    <StepCard step="stock" blocked={blocked}>
      <BlockStack gap="400">
        <Text as="p">
          {`${number(done)} of ${counted(facts.sold, "item")} counted.`}
          {facts.uncounted > 0 ? STOCK_STEP_WORDS.whatIsNotCounted : ""}
        </Text>
        <WelcomeOutcome result={result} />
        {count ? <FirstCount key={count.batch.id} count={count} /> : null}
        {facts.uncounted === 0 || counting ? null : (
          <>
            {locations[0] ? (
              <Text as="p" tone="subdued">
                {STOCK_STEP_WORDS.theyAreReceivedAt(locations[0].name)}
              </Text>
            ) : (
              <TextField
                label={STOCK_STEP_WORDS.whereYourStockIs}
                value={place}
                onChange={setPlace}
                autoComplete="off"
                maxLength={200}
              />
            )}
            <Ways way={way} onChange={setWay} hasSources={sources.length > 0} />
            {way === "channel" ? (
              <FromChannel sources={sources} titles={titles} place={place} {...{ send, busy }} />
            ) : null}
            {way === "file" ? <FromFile fetcher={fetcher} busy={busy} place={place} /> : null}
            {way === "typed" ? (
              <TypedCounts
                key={items[0]?.id}
                items={items}
                left={facts.uncounted}
                {...{ fetcher, busy, place }}
              />
            ) : null}
          </>
        )}
      </BlockStack>
    </StepCard>
  );
}

function Ways({
  way,
  onChange,
  hasSources,
}: {
  way: Way;
  onChange(way: Way): void;
  hasSources: boolean;
}) {
  const options: [Way, string, string][] = [
    ["channel", "As a channel shows it", "Choose the one whose numbers you trust most."],
    ["file", "From a file", "CSV with two columns: SKU and units. Up to 5,000 lines."],
    ["typed", "By typing", "For a few items."],
  ];
  return (
    <fieldset className="plain">
      <legend className="visually-hidden">{STOCK_STEP_WORDS.howToCount}</legend>
      {options
        .filter(([option]) => option !== "channel" || hasSources)
        .map(([option, label, help]) => (
          <RadioButton
            key={option}
            id={`way-${option}`}
            name="way"
            label={label}
            helpText={help}
            checked={way === option}
            onChange={() => onChange(option)}
          />
        ))}
    </fieldset>
  );
}

interface FromChannelProps {
  sources: CountSource[];
  titles: Record<string, string>;
  place: string;
  send(fields: Record<string, string>): void;
  busy: boolean;
}

function FromChannel({ sources, titles, place, send, busy }: FromChannelProps) {
  const { counted } = useFormat();
  return (
    <ul className="choices">
      {sources.map(({ connection, items, units }) => (
        <li key={connection}>
          <InlineStack gap="300" align="space-between" blockAlign="center">
            <BlockStack gap="050">
              <Text as="h3" variant="headingMd">
                {titles[connection] ?? connection}
              </Text>
              <Text as="p" tone="subdued">
                {`shows ${counted(units, "unit")} of ${counted(items, "item")}`}
              </Text>
            </BlockStack>
            <Button
              disabled={busy}
              onClick={() => send({ intent: "count-channel", connection, place })}
              accessibilityLabel={STOCK_STEP_WORDS.takeTheCountFrom(titles[connection])}
            >
              {STOCK_STEP_WORDS.takeThisCount}
            </Button>
          </InlineStack>
        </li>
      ))}
    </ul>
  );
}

function FromFile({
  fetcher,
  busy,
  place,
}: {
  fetcher: ReturnType<typeof useWelcome>["fetcher"];
  busy: boolean;
  place: string;
}) {
  const [file, setFile] = useState<File>();
  const send = () => {
    const form = new FormData();
    form.set("intent", "count-file");
    form.set("place", place);
    if (file) form.set("file", file);
    fetcher.submit(form, { method: "post", encType: "multipart/form-data" });
  };
  return (
    <BlockStack gap="300">
      <DropZone
        label={STOCK_STEP_WORDS.fileOfCounts}
        accept=".csv,text/csv,text/plain"
        type="file"
        allowMultiple={false}
        onDropAccepted={([first]) => setFile(first)}
      >
        {file ? (
          <div className="dropped">{file.name}</div>
        ) : (
          <DropZone.FileUpload
            actionTitle="Choose a file"
            actionHint={STOCK_STEP_WORDS.orDropItHere}
          />
        )}
      </DropZone>
      <InlineStack>
        <Button disabled={!file} loading={busy} onClick={send}>
          {STOCK_STEP_WORDS.receiveTheseCounts}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
