import type { FetcherWithComponents } from "@remix-run/react";
import { Text } from "@shopify/polaris";
import type { HeldRow } from "../../prisma/hold-page.ts";
import { Confirm } from "../components/confirm.tsx";
import { useFormat } from "../use-format.ts";
import { RELEASE_TEXTS, sourceText } from "./hold-texts.ts";
import type { HoldsResult } from "./holds.server.ts";

interface Props {
  /** What is to be released, once somebody says yes. */
  row: HeldRow | undefined;
  fetcher: FetcherWithComponents<HoldsResult>;
  onClose(): void;
}

/** Asks before a shopper loses what the cart holds. */
export function ReleaseQuestion({ row, fetcher, onClose }: Props) {
  const { units } = useFormat();
  const confirm = () => {
    if (row) fetcher.submit({ intent: "release", hold: row.hold }, { method: "post" });
    onClose();
  };
  return (
    <Confirm
      open={row !== undefined}
      title={RELEASE_TEXTS.title}
      action={RELEASE_TEXTS.action}
      keep={RELEASE_TEXTS.keep}
      busy={fetcher.state !== "idle"}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Text as="p">
        {row ? RELEASE_TEXTS.what(units(row.quantity), row.sku, sourceText(row.actor)) : null}
      </Text>
    </Confirm>
  );
}
