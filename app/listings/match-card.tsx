import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { ListingRow } from "../../prisma/listing-page.ts";
import { useFormat } from "../use-format.ts";
import type { MatchResult } from "./listings.server.ts";
import { MATCH_CARD_WORDS } from "./part-texts.ts";
import { SkuField } from "./sku-field.tsx";

interface Part {
  key: number;
  sku: string;
  units: string;
}

/** Says what a sale of one listing takes: an item, a pack of it, or a kit of several. */
export function MatchCard({ listing, onDone }: { listing: ListingRow; onDone(): void }) {
  const fetcher = useFetcher<MatchResult>();
  const [parts, setParts] = useState<Part[]>(() => startOf(listing));
  const change = (key: number, part: Partial<Part>) =>
    setParts(parts.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const card = useRef<HTMLDivElement>(null);
  // Whoever opens it goes on in it, wherever on the page it stands.
  useEffect(() => card.current?.focus(), []);
  const send = (intent: "match" | "unmatch" | "create") => {
    const form = new FormData();
    form.set("intent", intent);
    form.set("listing", listing.id);
    for (const { sku, units } of intent === "match" ? parts : []) {
      form.append("sku", sku);
      form.append("units", units);
    }
    fetcher.submit(form, { method: "post" });
  };
  const busy = fetcher.state !== "idle";
  const save = (event: FormEvent) => {
    event.preventDefault();
    send("match");
  };
  return (
    <div ref={card} tabIndex={-1} className="focused">
      <Card>
        <form onSubmit={save}>
          <BlockStack gap="400">
            <BlockStack gap="100">
              <Text as="h2" variant="headingMd" breakWord>
                {MATCH_CARD_WORDS.aSaleOfTakes(listing.sku || listing.externalId)}
              </Text>
              <Text as="p" tone="subdued">
                {MATCH_CARD_WORDS.oneItemForMost}
              </Text>
            </BlockStack>
            <Result result={fetcher.data} />
            {parts.map((part, at) => (
              <PartRow
                key={part.key}
                part={part}
                label={`SKU ${at + 1}`}
                onChange={(to) => change(part.key, to)}
                onRemove={
                  parts.length === 1
                    ? undefined
                    : () => setParts(parts.filter((one) => one.key !== part.key))
                }
              />
            ))}
            <InlineStack gap="200">
              <Button
                variant="plain"
                onClick={() => setParts([...parts, { key: nextKey(parts), sku: "", units: "1" }])}
              >
                {MATCH_CARD_WORDS.addAnotherItem}
              </Button>
            </InlineStack>
            <Buttons listing={listing} busy={busy} onSend={send} onDone={onDone} />
          </BlockStack>
        </form>
      </Card>
    </div>
  );
}

interface ButtonsProps {
  listing: ListingRow;
  busy: boolean;
  onSend(intent: "unmatch" | "create"): void;
  onDone(): void;
}

function Buttons({ listing, busy, onSend, onDone }: ButtonsProps) {
  const { parts, sku } = listing;
  return (
    <InlineStack gap="200">
      <Button variant="primary" submit loading={busy}>
        Save
      </Button>
      {parts.length > 0 ? (
        <Button tone="critical" disabled={busy} onClick={() => onSend("unmatch")}>
          Match nothing
        </Button>
      ) : null}
      {parts.length === 0 && sku !== "" ? (
        <Button disabled={busy} onClick={() => onSend("create")}>
          {MATCH_CARD_WORDS.makeANewItem(sku)}
        </Button>
      ) : null}
      <Button onClick={onDone}>Close</Button>
    </InlineStack>
  );
}

interface PartProps {
  part: Part;
  label: string;
  onChange(part: Partial<Part>): void;
  /** The last one cannot be taken out. */
  onRemove: (() => void) | undefined;
}

function PartRow({ part, label, onChange, onRemove }: PartProps) {
  return (
    <InlineStack gap="200" blockAlign="end" wrap={false}>
      <div className="grow">
        <SkuField label={label} value={part.sku} onChange={(sku) => onChange({ sku })} />
      </div>
      <div className="units">
        <TextField
          label="Units"
          type="number"
          min={1}
          value={part.units}
          onChange={(units) => onChange({ units })}
          autoComplete="off"
        />
      </div>
      {onRemove ? (
        <Button onClick={onRemove} accessibilityLabel={`Take ${part.sku || label} out`}>
          ×
        </Button>
      ) : null}
    </InlineStack>
  );
}

function startOf(listing: ListingRow): Part[] {
  const known = listing.parts.map(({ sku, units }, key) => ({ key, sku, units: String(units) }));
  return known.length > 0 ? known : [{ key: 0, sku: "", units: "1" }];
}

function nextKey(parts: readonly Part[]): number {
  return Math.max(0, ...parts.map((part) => part.key)) + 1;
}

function Result({ result }: { result: MatchResult | undefined }) {
  const { counted } = useFormat();
  if (!result) return null;
  if (result.outcome === "invalid") return <Banner tone="critical">{result.why}</Banner>;
  if (result.outcome === "unmatched") {
    return <Banner tone="success">{MATCH_CARD_WORDS.nothingIsPushedTo}</Banner>;
  }
  const waited = result.revived;
  return (
    <Banner tone="success">
      {waited === 0
        ? MATCH_CARD_WORDS.savedItsNumberIs
        : MATCH_CARD_WORDS.savedThatWaitedFor(
            counted(waited, "order"),
            waited === 1 ? "is" : "are",
          )}
    </Banner>
  );
}
