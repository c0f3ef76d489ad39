import { Form, Link, useNavigation } from "@remix-run/react";
import { Badge, BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { channelTitle } from "../channels/channel-title.ts";
import { DataTable } from "../components/data-table.tsx";
import { SkuField } from "../listings/sku-field.tsx";
import { policyText } from "../texts.ts";
import { useFormat } from "../use-format.ts";
import { WHY_RULE_CARD_WORDS } from "./part-texts.ts";
import { ruleScopeText } from "./rule-scope-text.ts";
import type { RuleChain, WhyRule } from "./why-rule.server.ts";

interface Props {
  why: WhyRule | null;
  columns: { channel: string; title: string }[];
}

/** Asks for a SKU, and shows for each of its listings which rules apply and which one wins. */
export function WhyRuleCard({ why, columns }: Props) {
  const [sku, setSku] = useState(why?.sku ?? "");
  const busy = useNavigation().state === "loading";
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {WHY_RULE_CARD_WORDS.whichRuleWins}
          </Text>
          <Form method="get" action="/app/buffers">
            <InlineStack gap="200" blockAlign="end">
              <SkuField label={WHY_RULE_CARD_WORDS.skuToLookAt} value={sku} onChange={setSku} />
              <input type="hidden" name="sku" value={sku} />
              <Button submit loading={busy} disabled={sku === ""}>
                Show
              </Button>
            </InlineStack>
          </Form>
          {why ? <Found why={why} /> : null}
        </BlockStack>
      </Box>
      {why?.outcome === "found"
        ? why.listings.map((chain) => (
            <Chain key={chain.listing} chain={chain} sku={why.sku} columns={columns} />
          ))
        : null}
    </Card>
  );
}

function Found({ why }: { why: WhyRule }) {
  if (why.outcome === "unknown")
    return <Text as="p">{WHY_RULE_CARD_WORDS.noItemHasThe(why.sku)}</Text>;
  if (why.listings.length > 0) return null;
  return (
    <Text as="p">
      {WHY_RULE_CARD_WORDS.noListingSellsIt}
      <Link to="/app/listings">Match one</Link>
    </Text>
  );
}

interface ChainProps extends Pick<Props, "columns"> {
  chain: RuleChain;
  sku: string;
}

function Chain({
  chain: { channel, chain, quantity, kit, sku: listed },
  sku,
  columns,
}: ChainProps) {
  const format = useFormat();
  const title = channelTitle(columns);
  const name = listed === sku ? title(channel) : `${title(channel)}, listed as ${listed}`;
  return (
    <>
      <Box padding="400" paddingBlockEnd="200" borderBlockStartWidth="025" borderColor="border">
        <Text as="h3" variant="headingSm">
          {`${name} shows ${format.number(quantity)}${kit ? ", as a kit" : ""}`}
        </Text>
      </Box>
      <DataTable
        caption={WHY_RULE_CARD_WORDS.rulesForOnThe(sku, name)}
        columns={[
          { key: "scope", title: "For" },
          { key: "policy", title: "Rule" },
          { key: "state", title: "In force" },
        ]}
        rows={chain.map((link, at) => ({
          key: String(at),
          cells: [
            link.builtIn ? "Ballast’s default" : ruleScopeText(link, sku, title),
            policyText(link.policy, format),
            at === 0 ? (
              <Badge key="state" tone="success">
                Wins
              </Badge>
            ) : (
              "less specific"
            ),
          ],
        }))}
      />
    </>
  );
}
