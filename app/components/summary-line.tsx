import { Link } from "@remix-run/react";
import { Banner, BlockStack } from "@shopify/polaris";
import type { ReactNode } from "react";
import type { Format } from "../../inventory/format.ts";
import type { ShopSummary } from "../../prisma/shop-summary.ts";
import { useFormat } from "../use-format.ts";
import { useCan } from "../use-person.ts";

/** The one question a merchant opens the page with: is anything oversold, late or failing? */
export function SummaryLine({ summary }: { summary: ShopSummary }) {
  const wrong = whatIsWrong(summary, useCan()("letters.see"), useFormat());
  const bad = summary.oversold > 0 || summary.troubled.length > 0;
  const tone = wrong.length === 0 ? "success" : bad ? "critical" : "warning";
  return (
    <div role="status" className="summary" data-testid="summary">
      <Banner tone={tone}>
        {wrong.length === 0 ? (
          "Nothing is oversold, late or failing."
        ) : (
          <BlockStack gap="100">
            {wrong.map(([key, line]) => (
              <span key={key}>{line}</span>
            ))}
          </BlockStack>
        )}
      </Banner>
    </div>
  );
}

function whatIsWrong(
  summary: ShopSummary,
  decides: boolean,
  { counted }: Format,
): [key: string, line: ReactNode][] {
  const { oversold, late, failing, deadLetters, troubled } = summary;
  const waiting = `${counted(deadLetters, "dead letter")} waiting for a decision.`;
  const lines: [string, ReactNode, boolean][] = [
    [
      "oversold",
      <Link key="link" to="/app/items?show=oversold">
        {`${counted(oversold, "item")} oversold: more is sold or held than can be sold.`}
      </Link>,
      oversold > 0,
    ],
    [
      "late",
      <Link key="link" to="/app/items?show=late">
        {`${counted(late, "listing")} late: not told the right number for over a minute.`}
      </Link>,
      late > 0,
    ],
    [
      "failing",
      <Link key="link" to="/app/items?show=failing">
        {`${counted(failing, "listing")} failing: the last push did not work.`}
      </Link>,
      failing > 0,
    ],
    [
      "dead",
      decides ? (
        <Link key="link" to="/app/dead-letters">
          {waiting}
        </Link>
      ) : (
        waiting
      ),
      deadLetters > 0,
    ],
    ...troubled.map(({ name, trouble }): [string, ReactNode, boolean] => [
      `connection ${name}`,
      `${name} does not work now. ${trouble}`,
      true,
    ]),
  ];
  return lines.filter(([, , wrong]) => wrong).map(([key, line]) => [key, line]);
}
