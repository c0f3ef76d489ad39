import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Button, FormLayout, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { listPeople } from "../../prisma/people.ts";
import { signedIn } from "../../prisma/sign-ins.ts";
import { DoorPage } from "../access/door-page.tsx";
import {
  type LoginResult,
  logIn,
  pageAfterLogin,
  signedInRedirect,
} from "../access/login.server.ts";
import { requireLoginShop } from "../access/login-shop.server.ts";
import { LOGIN_TEXTS, tooManyText } from "../access/login-texts.ts";
import { signInSecret } from "../access/sign-in-cookie.ts";
import { Failure } from "../components/failure.tsx";
import { LOGIN_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "Log in · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireLoginShop(context);
  const { db, now } = context.services;
  const to = pageAfterLogin(new URL(request.url).searchParams.get("to"));
  const secret = await signInSecret(request);
  const known = secret !== null && (await signedIn(db, shop.id, secret, new Date(now())));
  if (known) throw redirect(to);
  const people = await listPeople(db, shop.id);
  return { shop: shop.name, to, nobody: people.every(({ entry }) => entry !== "password") };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireLoginShop(context);
  const form = Object.fromEntries(await request.formData());
  const result = await logIn(context.services, shop, form, context.from);
  if (result.outcome !== "signed-in") return result;
  return signedInRedirect(request, context, result.secret, pageAfterLogin(form.to));
}

export default function Login() {
  const { shop, to, nobody } = useLoaderData<typeof loader>();
  const result = useActionData<LoginResult>();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const wrong = (field: "email" | "password") =>
    result?.outcome === "invalid" && result.fields.includes(field) ? LOGIN_TEXTS[field] : undefined;
  return (
    <DoorPage title={LOGIN_WORDS.logInTo(shop)}>
      <BlockStack gap="400">
        <div role="status">
          {nobody ? <Banner tone="info">{LOGIN_TEXTS.nobody}</Banner> : null}
          <Refusal result={result} />
        </div>
        <Form method="post">
          <input type="hidden" name="to" value={to} />
          <FormLayout>
            <TextField
              label="E-mail address"
              name="email"
              type="email"
              value={email}
              onChange={setEmail}
              error={wrong("email")}
              autoComplete="username"
              autoFocus
            />
            <TextField
              label="Password"
              name="password"
              type="password"
              value={password}
              onChange={setPassword}
              error={wrong("password")}
              autoComplete="current-password"
            />
            <Button submit variant="primary" fullWidth loading={useNavigation().state !== "idle"}>
              Log in
            </Button>
          </FormLayout>
        </Form>
        <Text as="p" tone="subdued">
          {LOGIN_TEXTS.forgot}
        </Text>
      </BlockStack>
    </DoorPage>
  );
}

function Refusal({ result }: { result: LoginResult | undefined }) {
  if (result?.outcome === "wrong") return <Banner tone="critical">{LOGIN_TEXTS.wrong}</Banner>;
  if (result?.outcome !== "too-many") return null;
  return <Banner tone="warning">{tooManyText(result.minutes)}</Banner>;
}

export function ErrorBoundary() {
  const error = useRouteError();
  return (
    <DoorPage title="Log in">
      <Failure error={error} />
    </DoorPage>
  );
}
