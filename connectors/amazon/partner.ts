import { SellingPartner } from "amazon-sp-api";
import { z } from "zod";
import type { Account, World } from "../connector.ts";
import { agentFor, CALL_TIMEOUT_MS } from "../http.ts";

/** What one answer may take: the first byte, and all of it. */
function timeoutsOf({ timeoutMs = CALL_TIMEOUT_MS }: World) {
  return { response: Math.ceil((timeoutMs * 2) / 3), deadline: timeoutMs };
}

/** Amazon's client for one call, with everything switched off that it would do by itself. */
export function partner(account: Account, world: World, accessToken: string): SellingPartner {
  const { clientId = "", clientSecret = "", refreshToken = "" } = account.secrets;
  return new SellingPartner({
    region: regionOf(account),
    refresh_token: refreshToken,
    access_token: accessToken,
    credentials: {
      SELLING_PARTNER_APP_CLIENT_ID: clientId,
      SELLING_PARTNER_APP_CLIENT_SECRET: clientSecret,
    },
    // Left to itself the library calls the oldest version it knows, and falls back to older ones.
    endpoints_versions: {
      listingsItems: "2021-08-01",
      orders: "2026-01-01",
      feeds: "2021-06-30",
      reports: "2021-06-30",
      fbaInventory: "v1",
      notifications: "v1",
      sellers: "v1",
    },
    options: {
      version_fallback: false,
      // It would refresh in parallel, sleep inside the worker, and retry a cut line for ever.
      auto_request_tokens: false,
      auto_request_throttled: false,
      retry_remote_timeout: false,
      timeouts: timeoutsOf(world),
      https_proxy_agent: agentFor(world),
    },
  });
}

function regionOf(account: Account): "na" | "eu" | "fe" {
  return z.enum(["na", "eu", "fe"]).parse(account.settings.region);
}
