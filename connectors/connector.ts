import type { Activity } from "../inventory/activity.ts";
import type { StockPlace } from "../inventory/stock-place.ts";
import type { AppDoor } from "./app-door.ts";
import type { Consent } from "./consent.ts";

/**
 * The contract every marketplace keeps. A connector knows its marketplace and nothing else: it
 * touches neither the ledger nor a database, reads no environment and no clock of its own.
 */
export interface Connector {
  channel: string;
  /** What the marketplace is called on a page. */
  title: string;
  limits: ConnectorLimits;
  abilities: ConnectorAbilities;
  /** How a merchant lets us in. */
  consent: Consent;
  /**
   * Verifies a message that was sent to our door, on its raw bytes and in constant time, and
   * keeps only what the product needs of it: no names, no addresses. Asks the marketplace at most
   * for the key that signs, and keeps it. Without a secret nothing verifies: an empty one is one
   * that everybody knows.
   */
  verify(request: RawRequest, account: Account, world: World): Verification | Promise<Verification>;
  /**
   * Answers a GET at our door, for a marketplace that makes sure of it before it sends anything.
   * `doorUrl` is the address as it was registered. Null: it asks nothing of us.
   */
  greet?(
    query: Readonly<Record<string, string | undefined>>,
    account: Account,
    doorUrl: string,
  ): { status: number; body: unknown } | null;
  /** Where the marketplace tells the app as a whole of its merchants. */
  app?: AppDoor;
  /** Turns a stored message into what happened, in our words. Pure; throws on what is not ours. */
  translate(message: Message): Activity[];
  /**
   * Orders that a stored message only points at, because it does not say enough: they are asked
   * for (`Session.orders`), and what is answered is stored as messages. Pure. Absent or empty: the
   * message says it all.
   */
  hint?(message: Message): string[];
  /** Opens a connection for I/O. Opens no socket by itself. */
  connect(account: Account, world: World): Session;
}

export interface ConnectorAbilities {
  /** Compares before it sets, so that a push cannot overwrite a sale it has not seen. */
  compareAndSet: boolean;
  /** Hands us messages at our door, or in a queue that we read. */
  inbound: "door" | "queue";
  /** The lines of one push call are of one group (`ListingRecord.group`). */
  pushesOneGroup?: true;
  /** The pushed number counts what is sold there and not yet shipped. */
  countsOpenUnits?: true;
  /**
   * What it calls the places at which it counts stock, and whether the others are kept at 0 before
   * the merchant has chosen. Absent: a listing has one number there.
   */
  places?: { one: string; many: string; emptiesOthers?: true };
}

/** Calls of one kind: `perSecond` sustained, `burst` at once. Per connection. */
export interface CallRate {
  perSecond: number;
  burst: number;
}

/** Kinds of calls that a marketplace counts apart from each other. */
export type CallName = "push" | "bulk" | "readBack" | "orders" | "listings";

/** Limits as data: what one call may carry and how often it may be made. */
export interface ConnectorLimits {
  /** Listings in one push call. */
  pushBatch: number;
  /** Listings in one read-back call. */
  readBackBatch: number;
  /** "bulk" only where there is a bulk path. What the marketplace's headers say corrects it. */
  calls: Record<Exclude<CallName, "bulk">, CallRate> & { bulk?: CallRate };
  bulk?: BulkLimits;
  revisions?: RevisionLimits;
  /** A sweep asks for orders changed since its watermark minus this, because clocks differ. */
  sweepOverlapMs: number;
  /** How often the sweep runs: what a lost message costs at most. */
  sweepEveryMs: number;
}

/** The other path of a marketplace that takes files of quantities: slow to answer, but wide. */
export interface BulkLimits {
  /** Listings in one file. */
  lines: number;
  /** From a file's submission to its result, as it usually is, in ms. */
  usualMs: number;
}

/** How often a listing may be changed in one calendar day, by whatever means. */
export interface RevisionLimits {
  perDay: number;
  /** The last ones of a day are kept for showing 0: they can be spent on nothing else. */
  reserve: number;
  /** IANA time zone whose midnight begins the day. */
  zone: string;
}

/** A merchant's account on a marketplace: ids and secrets, decrypted. */
export interface Account {
  connection: string;
  settings: Record<string, string>;
  /** The merchant's own secrets, and our app's keys at the marketplace (`Consent.appKeys`). */
  secrets: Record<string, string>;
}

/** What a connector may use of the outside: the product's one fetch, base URLs, and time. */
export interface World {
  /** Where the marketplace answers. Undefined = the real one. Sandboxes give their own. */
  baseUrl?: string;
  /** How long an answer may take; 15 s when left out. */
  timeoutMs?: number;
  now(): number;
  /**
   * Lets one owner at a time renew this connection's tokens, in whatever process: `renew` is given
   * the secrets as they are kept now (another owner may have renewed them meanwhile), and what it
   * answers is kept before anybody else may look. Answers the newest secrets. Absent: a session
   * that is alone keeps its tokens to itself.
   */
  renewing?(
    renew: (kept: Record<string, string>) => Promise<Renewed>,
  ): Promise<{ outcome: "kept"; secrets: Record<string, string> } | CallFailure>;
  /** The marketplace said how often calls of a kind may be made, or what is left of them. */
  onRate?(call: CallName, told: ToldRate): void;
  /**
   * Takes one of the calls that a session paces itself, counted together with the account's other
   * sessions, or answers the ms until one may be made. Absent: the session counts alone.
   */
  pace?(call: string, rate: CallRate): number | Promise<number>;
}

/** New secrets to keep, or none where the kept ones are new enough, or why there are none. */
export type Renewed =
  | { outcome: "renewed"; secrets: Record<string, string>; reconnectBy?: number | null }
  | { outcome: "fresh" }
  | CallFailure;

/** What a marketplace's headers say of its limits. */
export interface ToldRate {
  /** Calls per second, sustained. */
  perSecond?: number;
  /** Calls left at this moment. */
  left?: number;
  /** When there are more, in ms since the epoch. */
  moreAt?: number;
}

export interface RawRequest {
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** What goes into the inbox: verified, without personal data, named by the marketplace. */
export interface Message {
  /** Unique within the connection; a redelivery has the same. */
  externalId: string;
  topic: string;
  payload: unknown;
}

export type Verification =
  | { outcome: "verified"; message: Message }
  /** Not signed by the marketplace: 401, nothing is stored. */
  | { outcome: "forged"; why: string }
  /** Signed, but about nothing the product uses: acknowledged and forgotten. */
  | { outcome: "ignored"; why: string }
  /** Signed, and says what listings show: an echo of our own push, or somebody else's doing. */
  | { outcome: "levels"; levels: Level[] }
  /** Signed, and says that the merchant or the marketplace has taken back our access. */
  | { outcome: "deauthorized"; why: string }
  | { outcome: "malformed"; why: string }
  /** It cannot be verified now; the marketplace is asked to send it again (503). */
  | { outcome: "unavailable"; why: string };

/** What one listing shows, as its marketplace tells of itself. */
export interface Level {
  /** `ListingRecord.stockId`, or `externalId` where that is null. */
  stockId: string;
  quantity: number;
  /** When it was so, in ms since the epoch. */
  at: number;
}

/** One listing as the marketplace has it. */
export interface ListingRecord {
  externalId: string;
  sku: string;
  title: string;
  /** What a buyer could buy now. Null when the marketplace does not say. */
  quantity: number | null;
  /** GTIN, UPC, EAN or ISBN, digits only; null when the marketplace has none. */
  barcode: string | null;
  /** False for what the marketplace ships from its own warehouse: counted, never pushed. */
  merchantFulfilled: boolean;
  /** Why nothing can be pushed to it although the merchant ships it; null for most. */
  unpushable: string | null;
  /** What its marketplace counts or calls together: a product with its variations. Null = itself. */
  group: string | null;
  /** What the marketplace's messages about stock call it; null = `externalId`. */
  stockId: string | null;
  /** What the connector needs to push to it: opaque to everyone else. */
  handle: Record<string, string>;
}

export interface PushLine {
  externalId: string;
  handle: Record<string, string>;
  quantity: number;
  /** What the marketplace was last known to have, for compare-and-set. Null = not known. */
  expected: number | null;
  /** Names this attempt: the same key is sent again only while its outcome is unknown. */
  key: string;
  /** Units sold there and not yet shipped, where `abilities.countsOpenUnits` asks for them. */
  openUnits?: number;
}

/** One per line of the batch, in its order. */
export type PushResult =
  /**
   * The marketplace has the number now. `found` is what it turned out to have where that was not
   * `expected`. What is missing is taken for units it has sold: it has so much less than
   * `quantity`, but not less than 0.
   */
  | { outcome: "accepted"; found?: number }
  /** Compare-and-set found another number: plan again from `current` (null when not told). */
  | { outcome: "stale"; current: number | null }
  /** The marketplace changes this listing no more before `until` (ms); others it still does. */
  | { outcome: "exhausted"; until: number; why: string }
  /** The marketplace will never take it as it is. */
  | { outcome: "rejected"; why: string }
  | CallFailure;

/** Why a call did not do its work. The same for every kind of call. */
export type CallFailure =
  | { outcome: "throttled"; retryAt: number; why: string }
  | { outcome: "unavailable"; why: string }
  | { outcome: "unauthorized"; why: string; cause: UnauthorizedCause }
  /** Sent, but nobody knows whether it counted: read back before the next write. */
  | { outcome: "unknown"; why: string }
  | { outcome: "not-supported"; why: string };

/**
 * expired: the access has come to its end by time, and is renewed by connecting again; revoked: the
 * merchant or the marketplace took it back; forbidden: we are known but may not do this.
 */
export type UnauthorizedCause = "expired" | "revoked" | "forbidden";

export type ReadBack = {
  externalId: string;
  /** What buyers see. */
  quantity: number | null;
  /**
   * Where that follows the marketplace's own record a moment later: the record, which is what a
   * compare-and-set compares with. Null = not told.
   */
  recorded?: number | null;
} | null;

export type Page<T> =
  | { outcome: "page"; rows: T[]; next: string | null; total?: number }
  /** The marketplace gathers them: ask again with this cursor, not before `againAt` (ms). */
  | { outcome: "preparing"; cursor: string; againAt: number }
  | CallFailure;

/** What became of a file of quantities: a result per line, in the order submitted. */
export type BulkResult =
  | { outcome: "processed"; results: PushResult[] }
  | { outcome: "processing"; againAt: number }
  | CallFailure;

/** The places at which a marketplace counts the merchant's stock. */
export type StockPlaces =
  | { outcome: "places"; places: StockPlace[] }
  /** A listing has one number there, wherever its units lie. */
  | { outcome: "none" }
  | CallFailure;

/** Orders changed in a window, as messages, and the time up to which they are complete. */
export type Sweep =
  | { outcome: "swept"; messages: Message[]; knownTo: number; next: string | null }
  | CallFailure;

/** Messages read from a marketplace's queue. */
export type Received = { outcome: "received"; deliveries: Delivery[] } | CallFailure;

export interface Delivery {
  verification: Verification;
  /** The account it is for, as a connection names it. Absent: the one whose session read it. */
  to?: string;
  /** Removes it, once it is stored. */
  done(): Promise<void>;
}

export interface Session {
  /** Every listing, one page at a time. A cursor may be kept and used days later. */
  listings(cursor: string | null): Promise<Page<ListingRecord>>;
  push(batch: readonly PushLine[]): Promise<PushResult[]>;
  /** Where `limits.bulk` says that there is one: the path for many listings at once. */
  bulk?: {
    submit(
      lines: readonly PushLine[],
    ): Promise<{ outcome: "submitted"; file: string } | CallFailure>;
    /** `lines` as they were submitted. */
    result(file: string, lines: readonly PushLine[]): Promise<BulkResult>;
  };
  /** The live number of each listing, in the order asked; null where it is not there. */
  readBack(
    lines: readonly Pick<PushLine, "externalId" | "handle">[],
  ): Promise<{ outcome: "read"; rows: ReadBack[] } | CallFailure>;
  /**
   * The places at which the marketplace counts the merchant's stock, as it has them now. Which of
   * them `push` and `readBack` are about is in the account's settings: see `placeChoice`.
   */
  places(): Promise<StockPlaces>;
  /** Orders changed since `since` (ms), one page at a time. */
  ordersSince(since: number, cursor: string | null): Promise<Sweep>;
  /** These orders as they are now, as messages: what `Connector.hint` pointed at. */
  orders?(
    ids: readonly string[],
  ): Promise<{ outcome: "orders"; messages: Message[] } | CallFailure>;
  /** Returns changed since `since` (ms), where they are not part of orders. */
  returnsSince?(since: number, cursor: string | null): Promise<Sweep>;
  /** Names the queue that `receive` reads, where several accounts' messages come in one. */
  queue?: string;
  /** Only where `abilities.inbound` is "queue": waits up to `waitMs` for messages. */
  receive?(waitMs: number, signal: AbortSignal): Promise<Received>;
  /** Whether we are still let in, and until when (ms; null = no end is known). Harmless. */
  health(): Promise<{ outcome: "healthy"; reconnectBy: number | null } | CallFailure>;
  /**
   * Asks the marketplace to send its messages to `doorUrl` (or to the queue of the settings).
   * Doing it again changes nothing. Absent where the app's own configuration does it for all.
   */
  subscribe?(doorUrl: string): Promise<{ outcome: "subscribed" } | CallFailure>;
  /** Takes back what `subscribe` did, when the merchant disconnects. */
  unsubscribe?(doorUrl: string): Promise<{ outcome: "unsubscribed" } | CallFailure>;
}
