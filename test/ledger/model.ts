import { type Allocation, allocationLeft, carve } from "../../inventory/allocation.ts";
import { cartAllowance } from "../../inventory/hold.ts";
import {
  committedBy,
  joinLine,
  leftBy,
  type OrderLine,
  takenBy,
  UNKNOWN_LINE,
} from "../../inventory/order-line.ts";
import { availableToSell, type Stock } from "../../inventory/stock.ts";
import type { Command } from "../../ledger/contract.ts";

interface ModelHold {
  quantity: number;
  channel: string;
  state: "live" | "committed" | "released" | "expired";
  expiresAt: number;
  order?: string;
  /** Of a cart's hold: the newest that was told, and whether its cart became an order. */
  revision?: number;
  closed?: boolean;
}

/** What the ledger should have answered, as far as it depends on the rules. */
export type Expected = { outcome: string; available?: number; state?: string; oversold?: number };

/**
 * One item by the book: nothing is counted on the way; every balance is computed from all holds and
 * lines there are. It shares no line with the script, only the rules of inventory/.
 */
export class ModelItem {
  readonly #shelves: Record<string, Record<string, number>> = {};
  readonly #holds = new Map<string, ModelHold>();
  readonly #lines = new Map<string, OrderLine & { channel: string }>();
  readonly #allocations = new Map<string, Allocation>();

  /** Balances now; the version is not modelled. */
  stock(): Stock {
    const live = [...this.#holds.values()].filter(({ state }) => state === "live");
    const allocated = [...this.#allocations].map(([channel, allocation]) => [
      channel,
      allocationLeft(allocation, this.#taken(channel)),
    ]);
    const heldFor: Record<string, number> = {};
    for (const { channel, quantity } of live) {
      if (channel !== "") heldFor[channel] = (heldFor[channel] ?? 0) + quantity;
    }
    return {
      physical: this.#shelves,
      committed: sum([...this.#lines.values()].map(committedBy)),
      held: sum(live.map(({ quantity }) => quantity)),
      ...(Object.keys(heldFor).length > 0 ? { heldFor } : {}),
      allocated: Object.fromEntries(allocated),
      version: 0,
    };
  }

  apply(command: Command, now: number): Expected {
    this.expire(now);
    const before = availableToSell(this.stock());
    const answer = this.#decide(command, now);
    if (answer.outcome !== "applied") return answer;
    const after = availableToSell(this.stock());
    const oversold = Math.max(0, Math.max(0, -after) - Math.max(0, -before));
    return { ...answer, oversold };
  }

  expire(now: number): void {
    for (const hold of this.#holds.values()) {
      if (hold.state === "live" && hold.expiresAt <= now) hold.state = "expired";
    }
  }

  #decide(command: Command, now: number): Expected {
    switch (command.type) {
      case "hold":
        return this.#hold(command, now);
      case "set-hold":
        return this.#setHold(command, now);
      case "close-hold":
        return this.#closeHold(command.hold);
      case "extend":
      case "release":
      case "commit":
        return this.#changeHold(command, now);
      case "sell":
      case "cancel":
      case "ship":
      case "unship":
        return this.#fact(command);
      case "receive":
        return this.#move("sellable", command.location, command.quantity);
      case "adjust":
        return this.#move(command.bucket, command.location, command.delta);
      case "transfer":
        return this.#transfer(command);
      case "allocate":
        return this.#allocate(command.channel, command.quantity);
    }
  }

  #hold(
    { hold, quantity, channel = "", ttlMs }: Command & { type: "hold" },
    now: number,
  ): Expected {
    const before = this.#holds.get(hold);
    if (before && before.quantity !== quantity) return { outcome: "reused-activity" };
    if (before) return this.#standing(before);
    const available = availableToSell(this.stock(), channel || undefined);
    if (available < quantity) return { outcome: "insufficient", available: Math.max(0, available) };
    this.#holds.set(hold, { quantity, channel, state: "live", expiresAt: now + ttlMs });
    return { outcome: "applied" };
  }

  #setHold(command: Command & { type: "set-hold" }, now: number): Expected {
    const { hold, quantity, revision, channel = "", ttlMs, share } = command;
    const before = this.#holds.get(hold);
    if (before?.closed) return { outcome: "hold-over", state: before.state };
    if (revision <= (before?.revision ?? 0)) return { outcome: "applied" };
    const own = before?.state === "live" ? before.quantity : 0;
    const stock = this.stock();
    const available = availableToSell(stock, channel || undefined);
    const most = own + cartAllowance(available, stock.held, share);
    if (quantity > own && quantity > most) {
      return { outcome: "insufficient", available: Math.max(0, most) };
    }
    const kept =
      quantity > 0 ? { quantity, expiresAt: now + ttlMs } : { quantity: own, expiresAt: now };
    const state = quantity > 0 ? "live" : own > 0 ? "released" : (before?.state ?? "released");
    this.#holds.set(hold, { ...kept, channel, state, revision });
    return { outcome: "applied" };
  }

  #closeHold(id: string): Expected {
    const hold = this.#holds.get(id) ?? {
      quantity: 0,
      channel: "",
      expiresAt: 0,
      state: "released",
    };
    const state = hold.state === "live" ? "released" : hold.state;
    this.#holds.set(id, { ...hold, state, closed: true });
    return { outcome: "applied" };
  }

  #standing({ state }: ModelHold): Expected {
    return state === "live" ? { outcome: "applied" } : { outcome: "hold-over", state };
  }

  #changeHold(command: Command & { type: "extend" | "release" | "commit" }, now: number): Expected {
    const hold = this.#holds.get(command.hold);
    if (!hold) return { outcome: "unknown-hold" };
    if (hold.state !== "live") {
      const again = command.type === "commit" && hold.order === command.order;
      return again ? { outcome: "applied" } : this.#standing(hold);
    }
    if (command.type === "extend") hold.expiresAt = now + command.ttlMs;
    if (command.type === "release") hold.state = "released";
    if (command.type === "commit") this.#commit(hold, command.order, command.channel);
    return { outcome: "applied" };
  }

  #commit(hold: ModelHold, order: string, channel: string | undefined): void {
    const line = this.#line(order, channel || hold.channel);
    this.#lines.set(order, { ...line, ...joinLine(line, "sell", hold.quantity) });
    hold.state = "committed";
    hold.order = order;
  }

  #fact(command: Command & { type: "sell" | "cancel" | "ship" | "unship" }): Expected {
    const cart = command.type === "sell" ? this.#holds.get(command.hold ?? "") : undefined;
    if (cart?.state === "live") Object.assign(cart, { state: "committed", closed: true });
    const line = this.#line(command.order, command.channel ?? "");
    const joined = joinLine(line, command.type, command.quantity);
    this.#lines.set(command.order, { ...line, ...joined });
    if (!("location" in command)) return { outcome: "applied" };
    return this.#move("sellable", command.location, leftBy(line) - leftBy(joined));
  }

  #line(order: string, channel: string): OrderLine & { channel: string } {
    const line = this.#lines.get(order) ?? { ...UNKNOWN_LINE, channel: "" };
    return { ...line, channel: line.channel || channel };
  }

  #move(bucket: string, location: string, units: number): Expected {
    if (units === 0) return { outcome: "applied" };
    const shelf = this.#shelves[bucket] ?? {};
    this.#shelves[bucket] = { ...shelf, [location]: (shelf[location] ?? 0) + units };
    return { outcome: "applied" };
  }

  #transfer({ bucket, from, to, quantity }: Command & { type: "transfer" }): Expected {
    const there = Math.max(0, this.#shelves[bucket]?.[from] ?? 0);
    if (there < quantity) return { outcome: "insufficient", available: there };
    this.#move(bucket, from, -quantity);
    return this.#move(bucket, to, quantity);
  }

  #allocate(channel: string, units: number): Expected {
    const allocation = this.#allocations.get(channel) ?? { carved: 0, takenThen: 0 };
    const taken = this.#taken(channel);
    const left = allocationLeft(allocation, taken);
    const available = units > 0 ? Math.max(0, availableToSell(this.stock())) : left;
    if (available < Math.abs(units)) return { outcome: "insufficient", available };
    this.#allocations.set(channel, carve(allocation, taken, units));
    return { outcome: "applied" };
  }

  #taken(channel: string): number {
    const lines = [...this.#lines.values()].filter((line) => line.channel === channel);
    const live = [...this.#holds.values()].filter(
      (hold) => hold.channel === channel && hold.state === "live",
    );
    return sum(lines.map(takenBy)) + sum(live.map(({ quantity }) => quantity));
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
