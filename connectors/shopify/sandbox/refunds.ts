import type { MarketLine, MarketOrder } from "../../sandbox/market.ts";

/** Units of a line whose money went back, all of them restocked or none. */
export interface SandboxRefund {
  id: string;
  line: MarketLine;
  quantity: number;
  restocked: boolean;
}

/** The refunds of an order: its line's id behind a 7 (restocked) or an 8 (not). */
export function refundsOf(order: MarketOrder): SandboxRefund[] {
  return order.lines.flatMap((line) => {
    const gone = line.unrestocked ?? 0;
    const parts = [
      { id: `7${line.id}`, line, quantity: line.cancelled - gone, restocked: true },
      { id: `8${line.id}`, line, quantity: gone, restocked: false },
    ];
    return parts.filter(({ quantity }) => quantity > 0);
  });
}
