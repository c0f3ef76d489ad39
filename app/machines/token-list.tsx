import { type FetcherWithComponents, useFetcher } from "@remix-run/react";
import { Badge, Banner, BlockStack, Button, InlineStack } from "@shopify/polaris";
import { useState } from "react";
import { SCOPES } from "../../inventory/scope.ts";
import { TableCard } from "../components/table-card.tsx";
import { Time } from "../components/time.tsx";
import { TOKEN_LIST_WORDS } from "./part-texts.ts";
import { type TokensResult, tokensText } from "./token-texts.ts";
import type { TokenView } from "./tokens.server.ts";

/** The tokens there are, when each was last used, and a button that ends it. */
export function TokenList({ tokens }: { tokens: TokenView[] }) {
  const fetcher = useFetcher<TokensResult>();
  const result = fetcher.data;
  return (
    <BlockStack gap="300">
      <div role="status">
        {result && result.outcome !== "invalid" ? (
          <Banner tone={result.outcome === "gone" ? "warning" : "success"}>
            {tokensText(result)}
          </Banner>
        ) : null}
      </div>
      <TableCard
        title="Tokens"
        text={TOKEN_LIST_WORDS.revokeWhatYouDo}
        none={TOKEN_LIST_WORDS.noProgramCanReach}
        columns={[
          { key: "name", title: "For" },
          { key: "scopes", title: "May" },
          { key: "used", title: "Last used" },
          { key: "expires", title: "Expires" },
          { key: "actions", title: <span className="visually-hidden">Actions</span>, label: "" },
        ]}
        rows={tokens.map((token) => ({
          key: token.id,
          cells: [
            <span key="name">
              {token.name} {token.expired ? <Badge tone="critical">Expired</Badge> : null}
              <span className="second-line">
                made <Time at={token.createdAt} />
              </span>
            </span>,
            token.scopes.length === SCOPES.length ? "everything" : token.scopes.join(", "),
            token.lastUsedAt === null ? "never" : <Time key="used" at={token.lastUsedAt} />,
            token.expiresAt === null ? "never" : <Time key="expires" at={token.expiresAt} />,
            <Revoke key="actions" token={token} fetcher={fetcher} />,
          ],
        }))}
      />
    </BlockStack>
  );
}

interface RevokeProps {
  token: TokenView;
  fetcher: FetcherWithComponents<TokensResult>;
}

/** Takes two clicks: a program that still uses the token stops working at once. */
function Revoke({ token: { id, name }, fetcher }: RevokeProps) {
  const [sure, setSure] = useState(false);
  const under = fetcher.formData?.get("token") === id;
  if (!sure) {
    return (
      <Button size="slim" accessibilityLabel={`Revoke ${name}…`} onClick={() => setSure(true)}>
        Revoke…
      </Button>
    );
  }
  return (
    <InlineStack gap="200">
      <Button
        size="slim"
        tone="critical"
        loading={under}
        accessibilityLabel={`Revoke ${name}`}
        onClick={() => fetcher.submit({ intent: "revoke", token: id }, { method: "post" })}
      >
        Revoke
      </Button>
      <Button size="slim" onClick={() => setSure(false)}>
        Keep
      </Button>
    </InlineStack>
  );
}
