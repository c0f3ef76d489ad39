/** The hosts of the Selling Partner API: https://developer-docs.amazon.com/sp-api/docs/sp-api-endpoints. */
export type Region = "na" | "eu" | "fe";

export interface Country {
  name: string;
  region: Region;
  marketplaceId: string;
  /** Seller Central there. */
  host: string;
}

const EUROPE = "sellercentral-europe.amazon.com";

const rows: [code: string, name: string, region: Region, marketplaceId: string, host: string][] = [
  ["US", "United States", "na", "ATVPDKIKX0DER", "sellercentral.amazon.com"],
  ["CA", "Canada", "na", "A2EUQ1WTGCTBG2", "sellercentral.amazon.ca"],
  ["MX", "Mexico", "na", "A1AM78C64UM0Y8", "sellercentral.amazon.com.mx"],
  ["BR", "Brazil", "na", "A2Q3Y263D00KWC", "sellercentral.amazon.com.br"],
  ["UK", "United Kingdom", "eu", "A1F83G8C2ARO7P", EUROPE],
  ["DE", "Germany", "eu", "A1PA6795UKMFR9", EUROPE],
  ["FR", "France", "eu", "A13V1IB3VIYZZH", EUROPE],
  ["IT", "Italy", "eu", "APJ6JRA9NG5V4", EUROPE],
  ["ES", "Spain", "eu", "A1RKKUPIHCS9HS", EUROPE],
  ["NL", "Netherlands", "eu", "A1805IZSGTT6HS", "sellercentral.amazon.nl"],
  ["BE", "Belgium", "eu", "AMEN7PMS3EDWL", "sellercentral.amazon.com.be"],
  ["IE", "Ireland", "eu", "A28R8C7NBKEWEA", "sellercentral.amazon.ie"],
  ["SE", "Sweden", "eu", "A2NODRKZP88ZB9", "sellercentral.amazon.se"],
  ["PL", "Poland", "eu", "A1C3SOZRARQ6R3", "sellercentral.amazon.pl"],
  ["TR", "Turkey", "eu", "A33AVAJ2PDY3EV", "sellercentral.amazon.com.tr"],
  ["SA", "Saudi Arabia", "eu", "A17E79C6D8DWNP", "sellercentral.amazon.sa"],
  ["AE", "United Arab Emirates", "eu", "A2VIGQ35RCS4UG", "sellercentral.amazon.ae"],
  ["EG", "Egypt", "eu", "ARBP9OOSHTCHU", "sellercentral.amazon.eg"],
  ["IN", "India", "eu", "A21TJRUUN4KGV", "sellercentral.amazon.in"],
  ["ZA", "South Africa", "eu", "AE08WJ6YKNBMC", "sellercentral.amazon.co.za"],
  ["JP", "Japan", "fe", "A1VC38T7YXB528", "sellercentral.amazon.co.jp"],
  ["AU", "Australia", "fe", "A39IBJ37TRP1C6", "sellercentral.amazon.com.au"],
  ["SG", "Singapore", "fe", "A19VAU5U5O7RUS", "sellercentral.amazon.sg"],
];

/**
 * Every country whose sellers the API serves, by its code:
 * https://developer-docs.amazon.com/sp-api/docs/marketplace-ids
 */
export const COUNTRIES: ReadonlyMap<string, Country> = new Map(
  rows.map(([code, name, region, marketplaceId, host]) => [
    code,
    { name, region, marketplaceId, host },
  ]),
);

export const SELLER_CENTRAL: ReadonlySet<string> = new Set(
  [...COUNTRIES.values()].map(({ host }) => host),
);

/** Whether a marketplace is one of Amazon's own shops in a region, and not a mere tool of it. */
export function isShopOf(region: Region, marketplaceId: string): boolean {
  return [...COUNTRIES.values()].some(
    (one) => one.region === region && one.marketplaceId === marketplaceId,
  );
}
