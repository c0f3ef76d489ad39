import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useFetcher, useLoaderData, useRouteError } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Card,
  FormLayout,
  Page,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { findPerson } from "../../prisma/people.ts";
import { type ChangeResult, changePassword } from "../access/choose-password.server.ts";
import { requireMerchant } from "../access/merchant.server.ts";
import { PasswordFields } from "../access/password-fields.tsx";
import { signInSecret } from "../access/sign-in-cookie.ts";
import { Failure } from "../components/failure.tsx";
import { ACCOUNT_WORDS } from "../page-texts.ts";
import { ROLE_DUTIES, ROLE_TITLES } from "../team/role-texts.ts";

export const meta: MetaFunction = () => [{ title: "Your account · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context);
  const { id, name, role, entry } = shop.person;
  const row = await findPerson(context.services.db, shop.id, id);
  return { name, role, entry, email: row?.email ?? null };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context);
  if (shop.person.entry !== "password") throw new Response(null, { status: 404 });
  const here = await signInSecret(request);
  return changePassword(context.services, shop, here, await request.formData());
}

export default function Account() {
  const { name, email, role, entry } = useLoaderData<typeof loader>();
  return (
    <Page title="Your account">
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {name}
            </Text>
            {email === null ? null : <Text as="p">{ACCOUNT_WORDS.youLogInWith(email)}</Text>}
            <Text as="p">{ACCOUNT_WORDS.yourRoleIs(ROLE_TITLES[role], ROLE_DUTIES[role])}</Text>
          </BlockStack>
        </Card>
        {entry === "password" ? <PasswordCard /> : null}
        {entry === "password" ? <SignOutCard /> : null}
      </BlockStack>
    </Page>
  );
}

function PasswordCard() {
  const fetcher = useFetcher<ChangeResult>();
  const [current, setCurrent] = useState("");
  const result = fetcher.data;
  const errors = result?.outcome === "invalid" ? result.errors : {};
  return (
    <Card>
      <fetcher.Form method="post">
        <FormLayout>
          <Text as="h2" variant="headingMd">
            Password
          </Text>
          <div role="status">
            {result?.outcome === "changed" ? (
              <Banner tone="success">{ACCOUNT_WORDS.passwordChangedEveryOther}</Banner>
            ) : null}
          </div>
          <TextField
            label="Present password"
            name="current"
            type="password"
            value={current}
            onChange={setCurrent}
            error={errors.current}
            autoComplete="current-password"
          />
          <PasswordFields errors={errors} />
          <Button submit loading={fetcher.state !== "idle"}>
            Change password
          </Button>
        </FormLayout>
      </fetcher.Form>
    </Card>
  );
}

function SignOutCard() {
  return (
    <Card>
      <Form method="post" action="/logout">
        <input type="hidden" name="everywhere" value="yes" />
        <BlockStack gap="300" inlineAlign="start">
          <Text as="h2" variant="headingMd">
            {ACCOUNT_WORDS.logOutEverywhere}
          </Text>
          <Text as="p">{ACCOUNT_WORDS.endsYourLoginIn}</Text>
          <Button submit>{ACCOUNT_WORDS.logOutEverywhere}</Button>
        </BlockStack>
      </Form>
    </Card>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
