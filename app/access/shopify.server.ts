// Both adapters set hooks of the whole process, and the last one to load wins. The Shopify
// connector loads Node's; it comes first here, so that Remix's, which reads web Requests, is last.
import "@shopify/shopify-api/adapters/node";
import "@shopify/shopify-app-remix/adapters/node";
import {
  ApiVersion,
  AppDistribution,
  LogSeverity,
  shopifyApp,
} from "@shopify/shopify-app-remix/server";
import { SCOPES } from "../../connectors/shopify/consent.ts";
import type { Log } from "../../jobs/log.ts";
import { visitors } from "./visitors.ts";

export interface ShopifyCredentials {
  apiKey: string;
  apiSecret: string;
  appUrl: string;
}

/**
 * The app inside Shopify's admin: session tokens say who is there. The shop's own tokens are its
 * connection's, and nobody else's: see docs/decisions/0006.
 * https://shopify.dev/docs/apps/build/authentication-authorization/session-tokens
 */
export function createShopify(credentials: ShopifyCredentials, log: Log) {
  return shopifyApp({
    apiKey: credentials.apiKey,
    apiSecretKey: credentials.apiSecret,
    appUrl: credentials.appUrl,
    apiVersion: ApiVersion.October26,
    scopes: SCOPES,
    authPathPrefix: "/auth",
    sessionStorage: visitors(),
    distribution: AppDistribution.AppStore,
    isEmbeddedApp: true,
    logger: { level: LogSeverity.Warning, log: (severity, text) => tell(log, severity, text) },
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  });
}

function tell(log: Log, severity: LogSeverity, text: string): void {
  if (severity === LogSeverity.Error) log.error(text);
  else log.warn(text);
}

export type Shopify = ReturnType<typeof createShopify>;
