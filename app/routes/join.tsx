import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Button, FormLayout, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { personOfLink } from "../../prisma/password-links.ts";
import { choosePassword, type LinkResult } from "../access/choose-password.server.ts";
import { DoorPage } from "../access/door-page.tsx";
import { signedInRedirect } from "../access/login.server.ts";
import { requireLoginShop } from "../access/login-shop.server.ts";
import { LOGIN_TEXTS } from "../access/login-texts.ts";
import { PasswordFields } from "../access/password-fields.tsx";
import { Failure } from "../components/failure.tsx";
import { JOIN_WORDS } from "../page-texts.ts";
import { ROLE_TITLES } from "../team/role-texts.ts";

export const meta: MetaFunction = () => [{ title: "Choose a password · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireLoginShop(context);
  const { person } = await linkOf(request, context, shop.id);
  if (!person) return { shop: shop.name, person: null };
  const { name, email, role, entry } = person;
  return { shop: shop.name, person: { name, email, role, invited: entry === "invited" } };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireLoginShop(context);
  const { secret, person } = await linkOf(request, context, shop.id);
  if (!person) return { outcome: "link-over" as const };
  const link = { secret, email: person.email };
  const result = await choosePassword(context.services, shop, link, await request.formData());
  if (result.outcome !== "signed-in") return result;
  return signedInRedirect(request, context, result.secret, "/app");
}

/** The secret travels in the query, which no log of ours writes down. */
async function linkOf(
  request: Request,
  { services: { db, now } }: LoaderFunctionArgs["context"],
  shop: string,
) {
  const secret = new URL(request.url).searchParams.get("link") ?? "";
  return { secret, person: await personOfLink(db, shop, secret, new Date(now())) };
}

/** Where a link leads: an invitation, or the way back for who forgot a password. */
export default function Join() {
  const { shop, person } = useLoaderData<typeof loader>();
  const result = useActionData<LinkResult>();
  const [name, setName] = useState(person?.name ?? "");
  const busy = useNavigation().state !== "idle";
  if (!person || result?.outcome === "link-over") return <LinkOver />;
  const errors = result?.outcome === "invalid" ? result.errors : {};
  return (
    <DoorPage title={person.invited ? `Join ${shop}` : JOIN_WORDS.chooseANewPassword}>
      <BlockStack gap="400">
        <Text as="p">
          {person.invited
            ? JOIN_WORDS.youWereInvitedAs(ROLE_TITLES[person.role], person.email)
            : JOIN_WORDS.youLogInWith(person.email)}
        </Text>
        <Form method="post">
          {/* So that a password manager knows whose password it keeps. */}
          <input
            hidden
            readOnly
            name="username"
            autoComplete="username"
            value={person.email ?? ""}
          />
          <FormLayout>
            <TextField
              label="Your name"
              name="name"
              value={name}
              onChange={setName}
              error={errors.name}
              helpText={JOIN_WORDS.theHistoryOfYour}
              maxLength={80}
              autoComplete="name"
            />
            <PasswordFields errors={errors} />
            <Button submit variant="primary" fullWidth loading={busy}>
              {person.invited ? "Join" : JOIN_WORDS.saveAndLogIn}
            </Button>
          </FormLayout>
        </Form>
      </BlockStack>
    </DoorPage>
  );
}

function LinkOver() {
  return (
    <DoorPage title={JOIN_WORDS.thisLinkIsOver}>
      <BlockStack gap="400">
        <Banner tone="warning">{LOGIN_TEXTS.linkOver}</Banner>
        <Button url="/login">{JOIN_WORDS.toTheLogin}</Button>
      </BlockStack>
    </DoorPage>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  return (
    <DoorPage title="Choose a password">
      <Failure error={error} />
    </DoorPage>
  );
}
