import type { Stock } from "./stock.ts";

/** A place that units are shipped from, and for whom. Row B8. */
export interface Place {
  code: string;
  /** Lower ships first. */
  priority: number;
  /** The channels it ships for; null = every channel. */
  serves: readonly string[] | null;
  /** Closed places get no new stock; what they still have is sold like before. */
  active: boolean;
}

/** Who is owed an item's units: sold and not shipped, or held in carts. */
export interface Claims {
  /** Units by the channel that took them. */
  byChannel: Readonly<Record<string, number>>;
  /** Units of which nobody knows whose they are: any place may have to ship them. */
  unknown: number;
}

/** Where a shop ships from, where not every place ships for every channel. */
export interface Shipping {
  places: readonly Place[];
  claims: Claims;
}

export function serves({ serves: channels }: Place, channel: string): boolean {
  return channels === null || channels.includes(channel);
}

/** Whether anything follows from the places: one that does not ship for everybody. */
export function isRestricted(places: readonly Place[]): boolean {
  return places.some((place) => place.serves !== null);
}

/**
 * The codes of all places, those that a shipment of this channel leaves from first in front: the one
 * that is named for it, then open ones that serve it, in the order of their priority.
 */
export function shippingOrder(
  places: readonly Place[],
  channel: string,
  named?: string | undefined,
): string[] {
  const rank = (place: Place) =>
    place.code === named ? -1 : (place.active ? 0 : 2) + (serves(place, channel) ? 0 : 1);
  return places.toSorted((a, b) => rank(a) - rank(b) || inOrder(a, b)).map((place) => place.code);
}

function inOrder(a: Place, b: Place): number {
  return a.priority - b.priority || (a.code < b.code ? -1 : 1);
}

/**
 * Units that can be sold on a channel and shipped from the places that serve it.
 *
 * Claims are kept per item and do not say which shelf they will leave from, so each is expected to
 * leave from the first place that serves its channel and still has units. What is left on the
 * shelves of a channel's own places is what it may sell. So no unit is counted for two claims, and
 * channels without a common place share no unit. But first come first served may be wasteful: never
 * more is sold than could be shipped beside everything owed. Claims of nobody known are taken off in
 * full: they may have to leave from here. Negative when more is promised than these places have.
 */
export function deliverable(stock: Stock, channel: string, { places, claims }: Shipping): number {
  const shelves = placed(stock, places);
  const left = new Map(shelves.map(({ code, units }) => [code, units]));
  const debts = owed(stock, channel, claims);
  let nowhere = claims.unknown;
  for (const { owner, units } of byFewestPlaces(debts, shelves)) {
    nowhere += shipFrom(
      shelves.filter((shelf) => serves(shelf, owner)).map((shelf) => shelf.code),
      units,
      left,
    );
  }
  const own = shelves.filter((shelf) => serves(shelf, channel));
  const inTurn = own.reduce((sum, shelf) => sum + (left.get(shelf.code) ?? 0), 0) - nowhere;
  return Math.min(inTurn, shippable(shelves, channel, debts) - claims.unknown);
}

/**
 * Units that could still be shipped for a channel beside all that is owed, however cleverly shelves
 * are chosen: no group of channels may be owed more than the places that serve any of them have.
 * Hall's marriage theorem, for every group that the channel belongs to.
 */
function shippable(shelves: readonly Shelf[], channel: string, debts: readonly Owed[]): number {
  const others = debts.filter(({ owner, units }) => owner !== channel && units > 0);
  const own = debts.find(({ owner }) => owner === channel)?.units ?? 0;
  let least = Number.POSITIVE_INFINITY;
  for (let set = 0; set < 2 ** others.length; set += 1) {
    const group = others.filter((_, at) => set & (1 << at));
    const debt = group.reduce((sum, { units }) => sum + units, own);
    const serving = shelves.filter((shelf) =>
      [channel, ...group.map(({ owner }) => owner)].some((one) => serves(shelf, one)),
    );
    least = Math.min(least, serving.reduce((sum, { units }) => sum + units, 0) - debt);
  }
  return least;
}

type Shelf = Place & { units: number };

/** Sellable units by place, the one that ships first in front. A place nobody told us of serves all. */
function placed({ physical }: Stock, places: readonly Place[]): Shelf[] {
  const units = physical.sellable ?? {};
  const known = new Map(places.map((place) => [place.code, place]));
  const codes = new Set([...known.keys(), ...Object.keys(units)]);
  return [...codes]
    .map((code): Shelf => {
      const place = known.get(code) ?? { code, priority: 0, serves: null, active: true };
      return { ...place, units: units[code] ?? 0 };
    })
    .sort(inOrder);
}

interface Owed {
  owner: string;
  units: number;
}

/** What every channel is owed; what is carved out for `channel` itself is its own to sell. */
function owed({ allocated }: Stock, channel: string, { byChannel }: Claims): Owed[] {
  const owners = new Set([...Object.keys(byChannel), ...Object.keys(allocated)]);
  return [...owners].map((owner) => {
    const carved = owner === channel ? 0 : (allocated[owner] ?? 0);
    return { owner, units: (byChannel[owner] ?? 0) + carved };
  });
}

/** Who can be served from few places chooses before who can be served from many. */
function byFewestPlaces(claims: readonly Owed[], shelves: readonly Shelf[]): Owed[] {
  const choices = ({ owner }: Owed) => shelves.filter((shelf) => serves(shelf, owner)).length;
  return claims.toSorted((a, b) => choices(a) - choices(b) || (a.owner < b.owner ? -1 : 1));
}

/**
 * Takes units off the shelves in their order. What they do not have is owed by the first of them,
 * which goes below zero; without any the answer says how many units nobody can ship.
 */
function shipFrom(codes: readonly string[], units: number, left: Map<string, number>): number {
  let rest = units;
  for (const code of codes) {
    const there = left.get(code) ?? 0;
    const taken = Math.min(Math.max(0, there), rest);
    left.set(code, there - taken);
    rest -= taken;
  }
  const [first] = codes;
  if (first === undefined) return rest;
  left.set(first, (left.get(first) ?? 0) - rest);
  return 0;
}

/** Whether anybody is owed units. Units carved out for a channel are not: they are still for sale. */
export function isClaimed({ committed, held }: Stock): boolean {
  return committed + held > 0;
}

/** Claims of which nothing is known but their number. */
export function unknownClaims({ committed, held }: Stock): Claims {
  return { byChannel: {}, unknown: committed + held };
}
