import { describe, expect, test } from "vitest";
import {
  appKeyVariable,
  appKeyVariables,
  readAppKeys,
  withAppKeys,
} from "../../connectors/app-keys.ts";
import { CONNECTORS } from "../../connectors/registry.ts";
import { SANDBOX_CHANNELS, sandboxAccount } from "../../connectors/sandbox/sandboxes.ts";
import { NO_CONSENT } from "../support/no-consent.ts";

test.each([
  ["amazon", "clientId", "AMAZON_CLIENT_ID"],
  ["amazon", "awsSecretAccessKey", "AMAZON_AWS_SECRET_ACCESS_KEY"],
  ["tiktok", "appKey", "TIKTOK_APP_KEY"],
  ["ebay", "ruName", "EBAY_RU_NAME"],
])("%s's %s is %s", (channel, key, variable) => {
  expect(appKeyVariable(channel, key)).toBe(variable);
});

const shopAt = (channel: string) => ({
  channel,
  consent: { ...NO_CONSENT, appKeys: ["clientId", "clientSecret"] },
});

test("missing and empty keys are named, others are not taken", () => {
  const variables = { AMAZON_CLIENT_ID: "id", AMAZON_CLIENT_SECRET: "", AMAZON_OTHER: "x" };
  expect(readAppKeys([shopAt("amazon")], variables)).toEqual({
    amazon: { keys: { clientId: "id" }, missing: ["AMAZON_CLIENT_SECRET"] },
  });
});

test.each([
  ["shopify", "SHOPIFY_PREVIOUS_CLIENT_SECRET"],
  ["shopify", "SHOPIFY_API_SECRET_BEFORE"],
  ["walmart", "WALMART_PREVIOUS_CLIENT_SECRET"],
] as const)(
  "G: the secret before a rotation of %s is %s, and is not missed",
  (channel, variable) => {
    const connector = CONNECTORS[channel];
    const appKeys = readAppKeys([connector], { [variable]: "before" });
    expect(withAppKeys({ secrets: {} }, channel, appKeys).secrets).toEqual({
      previousClientSecret: "before",
    });
    expect(appKeys[channel]?.missing).not.toContain(
      appKeyVariable(channel, "previousClientSecret"),
    );
  },
);

test("Shopify's app has its keys under its own tools' names too", () => {
  const variables = { SHOPIFY_API_KEY: "key", SHOPIFY_API_SECRET: "secret" };
  const { shopify } = readAppKeys([shopAt("shopify")], variables);
  expect(shopify).toEqual({ keys: { clientId: "key", clientSecret: "secret" }, missing: [] });
});

test("a connection's own secret goes before the app's key of the same name", () => {
  const appKeys = { amazon: { keys: { clientId: "app", clientSecret: "s" }, missing: [] } };
  const account = { id: "c", secrets: { clientSecret: "own", refreshToken: "r" } };
  expect(withAppKeys(account, "amazon", appKeys)).toEqual({
    id: "c",
    secrets: { clientId: "app", clientSecret: "own", refreshToken: "r" },
  });
  expect(withAppKeys(account, "other", appKeys)).toEqual(account);
});

describe("npm start's sandboxes know our app", () => {
  test.each(SANDBOX_CHANNELS)("%s", (channel) => {
    const variables = appKeyVariables(channel, sandboxAccount(channel).app);
    expect(readAppKeys([CONNECTORS[channel]], variables)[channel]?.missing).toEqual([]);
  });
});
