const SCOPE = "https://api.ebay.com/oauth/api_scope";

/** What an app's own token may do: read public keys, keep destinations. */
export const APP_SCOPE = SCOPE;

/**
 * What the merchant is asked for. A renewal has to name them again: a token that is renewed
 * without them comes back with the first one only, and every sell.* call is refused.
 */
export const SCOPES = [
  SCOPE,
  `${SCOPE}/sell.inventory`,
  `${SCOPE}/sell.fulfillment`,
  `${SCOPE}/commerce.notification.subscription`,
  `${SCOPE}/commerce.identity.readonly`,
];
