/** Orders whose rows may still be apart in a file. Exports keep an order's rows together. */
const ORDERS_REMEMBERED = 100_000;

/**
 * What was read of recent orders, in bounded memory: the order that was quiet for longest is
 * forgotten first. Should a forgotten order come up again, its lines are numbered from 1 again, and
 * storing them reports that they differ from what is there (see prisma/sales.ts).
 */
export class OrderWindow<T extends object> {
  readonly #orders = new Map<string, T>();
  readonly #fresh: () => T;
  readonly #limit: number;

  constructor(fresh: () => T, limit = ORDERS_REMEMBERED) {
    this.#fresh = fresh;
    this.#limit = limit;
  }

  of(order: string): T {
    const known = this.#orders.get(order);
    const state = known ?? this.#fresh();
    if (known) this.#orders.delete(order); // a Map lists what was set last at its end
    this.#orders.set(order, state);
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > this.#limit && oldest !== undefined) this.#orders.delete(oldest);
    return state;
  }
}
