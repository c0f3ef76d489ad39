import type { CallFailure, World } from "./connector.ts";

/**
 * How a merchant lets us in: we send him to the marketplace's own page, he agrees there, and comes
 * back with a code that is traded for tokens. Nothing here touches a session or a database.
 */
export interface Consent {
  /**
   * Our own app's keys at the marketplace. The environment gives them by channel and name:
   * "clientId" of amazon is AMAZON_CLIENT_ID. They are the app's, not a merchant's, so they are
   * never stored with a connection.
   */
  appKeys: readonly string[];
  /** Keys that work goes on without, given in the same way: a secret before its rotation. */
  optionalKeys?: readonly string[];
  /** What whoever runs the app has to see to, as far as its keys tell. */
  careOf?(keys: Readonly<Record<string, string>>): AppCare;
  /** What has to be known before the merchant can be sent there: his shop's domain, his region. */
  asks: readonly Question[];
  /** The marketplace's page. `state` comes back with him; whoever made it checks it. */
  page(request: ConsentRequest): string;
  /** Trades what he came back with for his account, or several where one consent covers several. */
  complete(answer: ConsentAnswer, world: World): Promise<Consented>;
  /** Where our pages are part of its admin: nobody is sent anywhere, the session is traded. */
  exchange?(session: SessionExchange, world: World): Promise<Consented>;
}

export interface AppCare {
  /** When the app's secret ends, in ms since the epoch. */
  secretEnds?: number;
  /** A key without which the marketplace sends no messages, or one that cannot be read. */
  wanted?: string;
}

export interface SessionExchange {
  /** The account in whose admin the merchant is. */
  shop: string;
  /** From the admin, verified by whoever received it. It lives for a minute. */
  sessionToken: string;
  /** Our own app's keys. */
  app: Readonly<Record<string, string>>;
}

export interface Question {
  name: string;
  label: string;
  help: string;
  /** What an answer must look like, as the pattern of an input field: the whole of it matches. */
  pattern: string;
  example: string;
  /** The only answers there are, where there are few. */
  choices?: readonly { value: string; label: string }[];
}

export interface ConsentRequest {
  app: Readonly<Record<string, string>>;
  /** Answers to `asks`, each matching its pattern. */
  answers: Readonly<Record<string, string>>;
  state: string;
  /** Where the marketplace sends the merchant back to. */
  returnUrl: string;
}

export interface ConsentAnswer extends Omit<ConsentRequest, "state"> {
  /** Everything the marketplace put into the address it sent him back to. */
  query: Readonly<Record<string, string>>;
}

export type Consented =
  | { outcome: "connected"; accounts: ConsentedAccount[] }
  /** The merchant said no, or what came back is not what he was sent with. */
  | { outcome: "declined"; why: string }
  | CallFailure;

/** An account we were let into: what is stored of it. */
export interface ConsentedAccount {
  /** The marketplace's name of it: shop domain, seller id. */
  account: string;
  /** What a page calls it. */
  name: string;
  /** `grant`, where one consent covers several accounts: they share it, and with it their tokens. */
  settings: Record<string, string>;
  secrets: Record<string, string>;
  /** When he has to agree again, in ms; null = no end is known. */
  reconnectBy: number | null;
  /** What the merchant keeps this account in, where the marketplace tells: an IANA zone, ISO 4217. */
  regional?: { timeZone: string; currency: string };
}
