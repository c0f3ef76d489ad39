import type { RequestHandler } from "msw";
import type { SandboxAccount } from "./account.ts";
import type { Lag, Market, MarketOrder, MarketReturn, Outgoing, ShelfListing } from "./market.ts";
import type { House } from "./shop-floor.ts";

/** What happened to an order, for the message about it. */
export type OrderNews = "created" | "changed" | "cancelled" | "shipped";

/** The state and the time of one call. */
export interface Moment<State> {
  state: State;
  now: number;
  lag: Lag;
  /** Where the product's pages and doors are; null = nowhere. */
  doorUrl: string | null;
  /** False once the sandbox stops: long polls end. */
  open: boolean;
  /** Resolves after `ms`, or at the next message, or when the sandbox stops. */
  wait(ms: number): Promise<void>;
  /** Resolves after `ms`, whatever happens meanwhile, or when the sandbox stops. */
  pause(ms: number): Promise<void>;
  /** Sends the merchant another message than the one about an order: an echo, a finished file. */
  emit(message: Pick<Outgoing, "id" | "topic" | "body">): void;
}

/** What one marketplace adds to the shared sandbox. */
export interface SandboxDefinition<State extends { market: Market }> {
  channel: string;
  account: SandboxAccount;
  house: House;
  /** How long a push takes to reach buyers when asked to be realistic. */
  realisticLag: Lag;
  empty(seed: number): State;
  handlers(moment: () => Moment<State>): RequestHandler[];
  /** The connector's `ListingRecord.externalId`. */
  externalId(listing: ShelfListing): string;
  /** The message about an order, or several: id, topic and body. None = nothing is said of it. */
  message(
    state: State,
    order: MarketOrder,
    news: OrderNews,
    now: number,
  ): Pick<Outgoing, "id" | "topic" | "body"> | Pick<Outgoing, "id" | "topic" | "body">[];
  /** For a marketplace that calls our door: the headers it calls with. Absent = a queue. */
  doorHeaders?(message: Outgoing, state: State): Record<string, string>;
  /** The message about a number that somebody set by hand, where the marketplace tells of it. */
  editMessage?(
    state: State,
    listing: ShelfListing,
    before: number,
    now: number,
  ): Pick<Outgoing, "id" | "topic" | "body"> | null;
  /** A new calendar day begins, for a marketplace that counts something by the day. */
  newDay?(state: State): void;
  /** The message about a return, for a marketplace that tells of returns. */
  returnMessage?(
    state: State,
    back: MarketReturn,
    now: number,
  ): Pick<Outgoing, "id" | "topic" | "body"> | null;
}
