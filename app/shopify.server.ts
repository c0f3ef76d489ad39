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
import { SCOPES } from "../connectors/shopify/consent.ts";
import type { Log } from "../jobs/log.ts";
import type { Database } from "../prisma/client.ts";
import type { Keyring } from "../prisma/sealed.ts";
import { sealedSessions } from "./session-storage.ts";

export interface ShopifyCredentials {
  apiKey: string;
  apiSecret: string;
  appUrl: string;
}

/**
 * The app inside Shopify's admin: session tokens exchanged for expiring offline tokens, kept
 * sealed. https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
 */
export function createShopify(
  db: Database,
  ring: Keyring,
  credentials: ShopifyCredentials,
  log: Log,
) {
  return shopifyApp({
    apiKey: credentials.apiKey,
    apiSecretKey: credentials.apiSecret,
    appUrl: credentials.appUrl,
    apiVersion: ApiVersion.October26,
    scopes: SCOPES,
    authPathPrefix: "/auth",
    sessionStorage: sealedSessions(db, ring),
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
