import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Box, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { ClosedCard } from "../letters/closed-card.tsx";
import { decideLetter, readDeadLetters } from "../letters/dead-letters.server.ts";
import { LetterCard } from "../letters/letter-card.tsx";
import { LETTER_TEXTS } from "../letters/letter-texts.ts";
import { useLive } from "../live/use-live.ts";

export const meta: MetaFunction = () => [{ title: "Dead letters · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "letters.see");
  const page = await readDeadLetters(context, shop.id, new URL(request.url));
  return { ...page, embedded: context.gate.embedded };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "letters.decide");
  return decideLetter(context, shop, await request.formData());
}

export default function DeadLetters() {
  const { letters, older, closed, embedded } = useLoaderData<typeof loader>();
  useLive(embedded);
  return (
    <Page title={LETTER_TEXTS.title} subtitle={LETTER_TEXTS.about}>
      <BlockStack gap="400">
        {letters.length === 0 ? (
          <Card>
            <Box padding="400">
              <Text as="p" alignment="center">
                {LETTER_TEXTS.none}
              </Text>
            </Box>
          </Card>
        ) : (
          letters.map((letter) => <LetterCard key={letter.id} letter={letter} />)
        )}
        {older === undefined ? null : (
          <InlineStack align="center">
            <Button url={`/app/dead-letters?before=${older}`}>Older</Button>
          </InlineStack>
        )}
        <ClosedCard closed={closed} />
      </BlockStack>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
