import { useFetcher } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Card,
  ChoiceList,
  FormLayout,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import { SCOPES, type Scope } from "../../inventory/scope.ts";
import { SCOPE_TEXTS } from "../api/api-texts.ts";
import { TOKEN_FORM_CARD_WORDS } from "./part-texts.ts";
import { ShownOnce } from "./shown-once.tsx";
import { LIVES, type TokensResult, tokensText } from "./token-texts.ts";

const EMPTY = { name: "", scopes: [] as Scope[], expires: "" };
const CHOICES = SCOPES.map((value) => ({ value, label: SCOPE_TEXTS[value], helpText: value }));

/** Makes a token, and shows it this once. */
export function TokenForm() {
  const fetcher = useFetcher<TokensResult>();
  const [values, setValues] = useState(EMPTY);
  const result = fetcher.data;
  const errors = result?.outcome === "invalid" ? result.errors : {};
  useEffect(() => {
    if (result?.outcome === "created") setValues(EMPTY);
  }, [result]);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Make a token
        </Text>
        <div role="status">
          {result?.outcome === "created" ? (
            <Banner tone="success">
              <BlockStack gap="200">
                <Text as="p">{tokensText(result)}</Text>
                <ShownOnce
                  key={result.token}
                  label="Token"
                  value={result.token}
                  help="Keep it where secrets are kept. Whoever has it may do what it may."
                  copy="Copy token"
                />
              </BlockStack>
            </Banner>
          ) : null}
        </div>
        <fetcher.Form method="post" data-testid="make-token">
          <input type="hidden" name="intent" value="create" />
          <FormLayout>
            <TextField
              label={TOKEN_FORM_CARD_WORDS.whatItIsFor}
              name="name"
              placeholder="Warehouse"
              value={values.name}
              onChange={(name) => setValues({ ...values, name })}
              error={errors.name}
              autoComplete="off"
            />
            <ChoiceList
              title={TOKEN_FORM_CARD_WORDS.whatItMayDo}
              name="scopes"
              allowMultiple
              choices={CHOICES}
              selected={values.scopes}
              onChange={(scopes: Scope[]) => setValues({ ...values, scopes })}
              error={errors.scopes}
            />
            <Select
              label="Expires"
              name="expires"
              options={[...LIVES]}
              value={values.expires}
              onChange={(expires) => setValues({ ...values, expires })}
              error={errors.expires}
            />
            <Button submit variant="primary" loading={fetcher.state !== "idle"}>
              Make token
            </Button>
          </FormLayout>
        </fetcher.Form>
      </BlockStack>
    </Card>
  );
}
