import { Link } from "@remix-run/react";
import type { FailingListing } from "../../prisma/channel-page.ts";
import { TableCard } from "../components/table-card.tsx";
import { useFormat } from "../use-format.ts";
import { FAILING_CARD_WORDS } from "./part-texts.ts";

/** Listings whose last push did not work, and why. */
export function FailingCard({ listings }: { listings: FailingListing[] }) {
  const { number } = useFormat();
  return (
    <TableCard
      title="Failing listings"
      text={FAILING_CARD_WORDS.theLastPushOf}
      none="None."
      columns={[
        { key: "sku", title: "SKU" },
        { key: "tries", title: "Tries", numeric: true },
        { key: "why", title: "Why" },
      ]}
      rows={listings.map(({ id, sku, tries, trouble }) => ({
        key: id,
        cells: [
          <Link key="sku" to={`/app/items/${encodeURIComponent(sku)}`}>
            {sku}
          </Link>,
          number(tries),
          trouble,
        ],
      }))}
    />
  );
}
