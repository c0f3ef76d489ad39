import { Banner, BlockStack, Button, List } from "@shopify/polaris";
import type { Stock } from "../../inventory/stock.ts";
import { stockView } from "../../inventory/stock-view.ts";
import { bucketText } from "../texts.ts";
import { useFormat } from "../use-format.ts";
import type { MoveResult } from "./move-stock.server.ts";
import { MOVE_OUTCOME_WORDS } from "./part-texts.ts";

interface Props {
  result: MoveResult | undefined;
  /** What the person decided about. */
  seen: Stock;
  onAccept(stock: Stock): void;
}

/** What became of the form, where the person is looking: right above the button they pressed. */
export function MoveOutcome({ result, seen, onAccept }: Props) {
  return (
    <div role="status" data-testid="move-outcome">
      {result ? <Outcome result={result} seen={seen} onAccept={onAccept} /> : null}
    </div>
  );
}

function Outcome({ result, seen, onAccept }: Props & { result: MoveResult }) {
  switch (result.outcome) {
    case "done":
      return <Banner tone="success">{MOVE_OUTCOME_WORDS.recordedAsMovement(result.seq)}</Banner>;
    case "refused":
      return <Banner tone="warning">{result.why}</Banner>;
    case "invalid":
      return null;
    case "conflict":
      return seen.version === result.stock.version ? (
        <Banner tone="info">{MOVE_OUTCOME_WORDS.youAreLookingAt}</Banner>
      ) : (
        <Conflict seen={seen} now={result.stock} onAccept={onAccept} />
      );
  }
}

function Conflict({
  seen,
  now,
  onAccept,
}: {
  seen: Stock;
  now: Stock;
  onAccept: Props["onAccept"];
}) {
  const { number } = useFormat();
  const changes = changedBalances(seen, now);
  return (
    <Banner tone="warning" title={MOVE_OUTCOME_WORDS.stockMovedWhileYou}>
      <BlockStack gap="200">
        {changes.length === 0 ? (
          <p>{MOVE_OUTCOME_WORDS.itMovedAndCame}</p>
        ) : (
          <List>
            {changes.map(({ name, from, to }) => (
              <List.Item key={name}>{`${name}: ${number(from)} → ${number(to)}`}</List.Item>
            ))}
          </List>
        )}
        <div>
          <Button onClick={() => onAccept(now)}>{MOVE_OUTCOME_WORDS.decideOnTheNew}</Button>
        </div>
      </BlockStack>
    </Banner>
  );
}

/** Each balance that differs between two readings, by its name on pages. */
function changedBalances(seen: Stock, now: Stock) {
  const before = new Map(named(seen));
  const after = new Map(named(now));
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .map((name) => ({ name, from: before.get(name) ?? 0, to: after.get(name) ?? 0 }))
    .filter(({ from, to }) => from !== to);
}

function named(stock: Stock): [string, number][] {
  return stockView(stock).balances.map(({ bucket, location, quantity }) => {
    const name = bucketText(bucket, (channel) => channel);
    return [location === undefined ? name : `${name} at ${location}`, quantity];
  });
}
