import { Link } from "@remix-run/react";
import { Banner, BlockStack } from "@shopify/polaris";
import type { ShopSummary } from "../../prisma/shop-summary.ts";
import { useCan } from "../access/use-person.ts";
import { useFormat } from "../use-format.ts";
import { whatIsWrong } from "./overview-texts.ts";

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
            {wrong.map(({ key, what, next, url }) => (
              <span key={key}>
                {what}{" "}
                {next === "" ? null : (
                  <Link to={url} aria-label={`${next}: ${what}`}>
                    {next}
                  </Link>
                )}
              </span>
            ))}
          </BlockStack>
        )}
      </Banner>
    </div>
  );
}
