import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, FormLayout, Select, Text, TextField } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import type { Stock } from "../../inventory/stock.ts";
import type { ItemPage } from "./item.server.ts";
import { MoveOutcome } from "./move-outcome.tsx";
import { isOpen, MovePlaces } from "./move-places.tsx";
import type { MoveResult } from "./move-stock.server.ts";
import { MOVE_TEXTS, MOVES, type Move } from "./move-texts.ts";
import { MOVE_CARD_WORDS } from "./part-texts.ts";

const EMPTY = {
  type: "receive" as Move,
  location: "",
  to: "",
  channel: "",
  bucket: "sellable",
  quantity: "",
  reason: "",
  reference: "",
};
export type MoveValues = typeof EMPTY;

/**
 * Receives, corrects, transfers or sets aside. The numbers a person looked at when they began to
 * type are what they decide about: when stock has moved by the time they send it, the ledger
 * refuses, the form says what changed, and they decide again.
 */
export function MoveCard({ page }: { page: ItemPage }) {
  const fetcher = useFetcher<MoveResult>();
  const form = useMoveForm(page, fetcher.data);
  const { values, seen, set } = form;
  const errors = fetcher.data?.outcome === "invalid" ? fetcher.data.errors : {};
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Move stock
        </Text>
        <fetcher.Form method="post" onFocus={form.begin} data-testid="move">
          <input type="hidden" name="key" value={form.key} />
          <input type="hidden" name="expectedVersion" value={seen.version} />
          <FormLayout>
            <Select
              label={MOVE_CARD_WORDS.whatToDo}
              name="type"
              options={possible(page).map((move) => ({
                value: move,
                label: MOVE_TEXTS[move].title,
              }))}
              value={values.type}
              onChange={set("type")}
            />
            <MovePlaces values={values} set={set} errors={errors} page={page} seen={seen} />
            <HowManyAndWhy form={form} errors={errors} />
            <MoveOutcome result={fetcher.data} seen={seen} onAccept={form.accept} />
            <Button submit variant="primary" loading={fetcher.state !== "idle"}>
              {MOVE_TEXTS[values.type].button}
            </Button>
          </FormLayout>
        </fetcher.Form>
      </BlockStack>
    </Card>
  );
}

/** What there is nothing for is not offered. */
function possible({ locations, columns, stock }: ItemPage): Move[] {
  const set = Object.values(stock.allocated).some((units) => units > 0);
  const without: Partial<Record<Move, boolean>> = {
    transfer: locations.length < 2,
    "set-aside": columns.length === 0,
    "give-back": !set,
  };
  return MOVES.filter((move) => !without[move]);
}

interface FieldsProps {
  form: Pick<ReturnType<typeof useMoveForm>, "values" | "set">;
  errors: Record<string, string>;
}

function HowManyAndWhy({ form: { values, set }, errors }: FieldsProps) {
  const adjusting = values.type === "adjust";
  return (
    <FormLayout>
      <TextField
        label={MOVE_TEXTS[values.type].quantity}
        name="quantity"
        type="number"
        inputMode={adjusting ? "text" : "numeric"}
        min={adjusting ? undefined : 1}
        helpText={adjusting ? MOVE_CARD_WORDS.negativeWhenFewerWere : undefined}
        value={values.quantity}
        onChange={set("quantity")}
        error={errors.quantity}
        autoComplete="off"
      />
      <TextField
        label="Reason"
        name="reason"
        value={values.reason}
        onChange={set("reason")}
        error={errors.reason}
        maxLength={500}
        autoComplete="off"
      />
      <TextField
        label="Reference (optional)"
        name="reference"
        value={values.reference}
        onChange={set("reference")}
        error={errors.reference}
        maxLength={200}
        autoComplete="off"
      />
    </FormLayout>
  );
}

/** What is typed, and the stock and the key it belongs to. */
function useMoveForm(page: ItemPage, result: MoveResult | undefined) {
  const location = page.locations.find(isOpen)?.code ?? "";
  const to = page.locations.find((one) => isOpen(one) && one.code !== location)?.code ?? "";
  const channel = page.columns[0]?.channel ?? "";
  const [values, setValues] = useState<MoveValues>({ ...EMPTY, location, to, channel });
  const [begun, setBegun] = useState<{ stock: Stock; key: string }>();
  const handled = useRef<MoveResult>();
  useEffect(() => {
    if (!result || handled.current === result) return;
    handled.current = result;
    if (result.outcome !== "done") return;
    setBegun(undefined);
    setValues((before) => ({ ...before, quantity: "", reason: "", reference: "" }));
  }, [result]);
  return {
    values,
    set: (name: keyof MoveValues) => (value: string) => setValues({ ...values, [name]: value }),
    seen: begun?.stock ?? page.stock,
    key: begun?.key ?? page.nextKey,
    begin: () => setBegun((before) => before ?? { stock: page.stock, key: page.nextKey }),
    accept: (stock: Stock) => setBegun({ stock, key: page.nextKey }),
  };
}
