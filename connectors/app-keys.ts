import type { Connector } from "./connector.ts";

/** Our app's keys at one marketplace, as far as the environment gives them. */
export interface ChannelKeys {
  keys: Readonly<Record<string, string>>;
  /** Names of variables that are not set: without them nobody can connect there. */
  missing: readonly string[];
}

/** By channel name. */
export type AppKeys = Readonly<Record<string, ChannelKeys>>;

/** Shopify's own tools write its app's keys under these names: either is enough. */
const ALSO_CALLED: Readonly<Record<string, string>> = {
  SHOPIFY_CLIENT_ID: "SHOPIFY_API_KEY",
  SHOPIFY_CLIENT_SECRET: "SHOPIFY_API_SECRET",
  SHOPIFY_PREVIOUS_CLIENT_SECRET: "SHOPIFY_API_SECRET_BEFORE",
};

/** The variable a key comes from: "clientId" of amazon is AMAZON_CLIENT_ID. */
export function appKeyVariable(channel: string, key: string): string {
  return `${channel}_${key.replace(/[A-Z]/g, (letter) => `_${letter}`)}`
    .replaceAll("-", "_")
    .toUpperCase();
}

/** Reads what every connector's consent asks for. An empty variable is not set. */
export function readAppKeys(
  connectors: readonly Pick<Connector, "channel" | "consent">[],
  variables: Readonly<Record<string, string | undefined>>,
): AppKeys {
  return Object.fromEntries(
    connectors.map(({ channel, consent }) => {
      const read = (key: string) => {
        const variable = appKeyVariable(channel, key);
        const value = variables[variable] || variables[ALSO_CALLED[variable] ?? ""];
        return { key, variable, value };
      };
      const needed = consent.appKeys.map(read);
      const optional = (consent.optionalKeys ?? []).map(read);
      const keys = [...needed, ...optional].flatMap(({ key, value }) =>
        value ? [[key, value]] : [],
      );
      const missing = needed.flatMap(({ variable, value }) => (value ? [] : [variable]));
      return [channel, { keys: Object.fromEntries(keys), missing }];
    }),
  );
}

/** The variables in which a process finds these keys: for whoever starts one. */
export function appKeyVariables(
  channel: string,
  keys: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = Object.entries(keys).map(([key, value]) => [appKeyVariable(channel, key), value]);
  return Object.fromEntries(entries);
}

/** Secrets as a connector takes them: our app's keys, and the merchant's own before them. */
export function withAppKeys<A extends { secrets: Record<string, string> }>(
  account: A,
  channel: string,
  appKeys: AppKeys,
): A {
  return { ...account, secrets: { ...appKeys[channel]?.keys, ...account.secrets } };
}
