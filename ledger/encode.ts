import { assert, exhaustive } from "../inventory/assert.ts";
import type { OrderLine } from "../inventory/order-line.ts";
import type { Command, Context } from "./contract.ts";
import { fnv1a, type Keys, lineName } from "./keys.ts";

/** A command as the script reads it: ledger/script/main.lua names the same twelve fields. */
export type Fields =
  | [...Claim, done: string, subject: string, extras: string]
  /** A hold is remembered under its own key, and has nothing else to say. */
  | Claim;

type Claim = [
  kind: string,
  /** shop/item */
  item: string,
  /** JSON object: the event's context. */
  context: string,
  quantity: number,
  channel: string,
  hold: string,
  holdKey: string,
  ttlMs: number,
  /** Digest of what is asked for, to tell a repetition from an id that was used twice. Not of
   *  where the report came from or when, so that a webhook and a poll of one fact collide. */
  asked: string,
];

/** The command as fields of the script. Throws on what no caller may ask: a bug, not an outcome. */
export function encode(command: Command, keys: Keys): Fields {
  assertNames(command);
  return fields(command, particularsOf(command), keys);
}

function particularsOf(command: Command): Particulars {
  switch (command.type) {
    case "hold":
      assertPositive(command.quantity);
      return { quantity: command.quantity, hold: command.hold, ...ttl(command) };
    case "extend":
      return { hold: command.hold, ...ttl(command) };
    case "set-hold":
      return {
        hold: command.hold,
        quantity: command.quantity,
        ...ttl(command),
        extras: cartText(command),
      };
    case "release":
    case "close-hold":
      return { hold: command.hold };
    case "commit":
      return { hold: command.hold, subject: orderSubject(command) };
    case "sell":
    case "cancel":
    case "ship":
    case "unship":
      assertPositive(command.quantity);
      return {
        quantity: command.quantity,
        hold: command.type === "sell" ? command.hold : undefined,
        subject: orderSubject(command),
        extras: command.known ? knownText(command.known) : "",
      };
    case "receive":
      assertPositive(command.quantity);
      return shelf(command, "sellable", command.quantity);
    case "adjust":
      return shelf(command, command.bucket, command.delta);
    case "transfer":
      return transfer(command);
    case "allocate":
      assertChange(command.quantity);
      assert(command.channel !== "", "stock is set aside for a channel");
      return { quantity: command.quantity, extras: versionText(command) };
    default:
      return exhaustive(command);
  }
}

/** Asks for the item's balances. */
export function encodeStock(shop: string, item: string): Fields {
  return ["stock", `${shop}/${item}`, "", 0, "", "", "", 0, "", "", "", ""];
}

/** Asks for up to `limit` due holds of the partition to be expired. */
export function encodeSweep(limit: number): Fields {
  return ["sweep", "", "", limit, "", "", "", 0, "", "", "", ""];
}

/** Lets a text stand under a key of the partition for `lifeMs`, unless one does. */
export function encodeName(key: string, text: string, lifeMs: number): Fields {
  return ["name", "", "", 0, "", "", key, lifeMs, "", "", text, ""];
}

/** Takes that very text from under its key. */
export function encodeForget(key: string, text: string): Fields {
  return ["forget", "", "", 0, "", "", key, 0, "", "", text, ""];
}

interface Particulars {
  quantity?: number;
  hold?: string | undefined;
  ttlMs?: number;
  subject?: string;
  extras?: string;
}

function fields(command: Command, some: Particulars, keys: Keys): Fields {
  const { type, shop, item, activity, channel = "" } = command;
  const { quantity = 0, hold = "", ttlMs = 0, subject = "", extras = "" } = some;
  const home = keys.home(shop, item);
  const owner = type === "allocate" ? channel : "";
  // A hold is remembered under its own id, so the activity it was taken by is part of the question.
  const told = type === "hold" ? ` ${activity}` : "";
  // A poll may not know where a shipment left from, or the shop ships from elsewhere by now.
  const about = isShipment(command) ? lineSubject(command) : subject;
  // An order is the same fact with its cart or without; a cart's revision, whenever it ends.
  const claimed = type === "sell" ? "" : hold;
  const life = type === "set-hold" ? 0 : ttlMs;
  const claim: Claim = [
    type,
    `${shop}/${item}`,
    contextText(command),
    quantity,
    channel,
    hold,
    hold === "" ? "" : `${home}:hold:${shop}/${holdId(hold)}`,
    ttlMs,
    digest(`${type} ${item} ${quantity} ${claimed} ${life} ${owner} ${about}${told}`),
  ];
  if (type === "hold") return claim;
  // Where the answer is remembered, which order line or shelf it is about (JSON), and the expected
  // version, known order line or cart's revision (JSON).
  return [...claim, `${home}:done:${shop}/${activity}`, subject, extras];
}

/** Short, because it is stored with every movement; it only has to tell mistakes from retries. */
function digest(asked: string): string {
  return fnv1a(asked).toString(36);
}

const PLAIN = /^[\w.:-]+$/;

/** Hold ids are ours: they go into JSON as they are. */
function holdId(hold: string): string {
  assert(PLAIN.test(hold), "a hold's id is letters, digits, and any of _ . : -");
  return hold;
}

function cartText({ quantity, revision, share }: Extract<Command, { type: "set-hold" }>): string {
  assert(Number.isSafeInteger(quantity) && quantity >= 0, "a cart holds a whole number of units");
  assert(Number.isSafeInteger(revision) && revision >= 1, "revisions are counted from 1");
  return JSON.stringify({ revision, share });
}

function shelf(
  command: Extract<Command, { type: "receive" | "adjust" }>,
  bucket: string,
  quantity: number,
): Particulars {
  assertChange(quantity);
  assert(command.location !== "", "a shelf is at a location");
  const subject = JSON.stringify({ bucket, location: command.location });
  return { quantity, subject, extras: versionText(command) };
}

function transfer(command: Extract<Command, { type: "transfer" }>): Particulars {
  const { bucket, from, to, quantity } = command;
  assertPositive(quantity);
  assert(from !== "" && to !== "" && from !== to, "a transfer is between two locations");
  const subject = JSON.stringify({ bucket, from, to });
  return { quantity, subject, extras: versionText(command) };
}

function ttl({ ttlMs }: { ttlMs: number }): { ttlMs: number } {
  assertPositive(ttlMs);
  return { ttlMs };
}

type OrderCommand = Extract<Command, { type: "sell" | "cancel" | "ship" | "unship" | "commit" }>;
type Shipment = Extract<Command, { type: "ship" | "unship" }>;

function isShipment(command: Command): command is Shipment {
  return command.type === "ship" || command.type === "unship";
}

function orderSubject(command: OrderCommand): string {
  if (!isShipment(command)) return lineSubject(command);
  assert(command.location !== "", "a shipment leaves from a location");
  return lineSubject(command, { location: command.location });
}

function lineSubject({ shop, item, connection, order }: OrderCommand, more = {}): string {
  const line = lineName(shop, connection, order, item);
  return JSON.stringify({ line, connection, order, ...more });
}

function knownText({ ordered, cancelled, shipped, unshipped = 0 }: OrderLine): string {
  return `{"known":[${ordered},${cancelled},${shipped},${unshipped}]}`;
}

function versionText({ expectedVersion }: { expectedVersion?: number }): string {
  return expectedVersion === undefined ? "" : `{"version":${expectedVersion}}`;
}

/** Only what the history keeps, so that nothing else of a command can leak into the events. */
function contextText(c: Context): string {
  const { shop, item, activity, occurredAt, channel, connection, actor, reason } = c;
  const { reference, batch } = c;
  const source = { occurredAt, channel, connection, actor, reason, reference, batch };
  return JSON.stringify({ shop, item, activity, ...source });
}

const CONTROL_CHARACTER = /\p{Cc}/u;

function assertNames({ shop, item, activity }: Context): void {
  assert(shop !== "" && !shop.includes("/"), "a shop has an id without a slash");
  assert(item !== "" && activity !== "", "a command names its item and its activity");
  const clean = !CONTROL_CHARACTER.test(shop + item + activity);
  assert(clean, "names contain no control characters");
}

function assertPositive(quantity: number): void {
  assert(Number.isSafeInteger(quantity) && quantity >= 1, "a quantity is a whole number above 0");
}

function assertChange(quantity: number): void {
  assert(Number.isSafeInteger(quantity) && quantity !== 0, "a change is a whole number, not 0");
}
