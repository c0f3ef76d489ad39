import type { MarketLine, MarketOrder } from "../../sandbox/market.ts";

/** A shipment of an order: what was shipped, or what was taken back before it left. */
export interface SandboxShipment {
  id: string;
  status: "success" | "cancelled";
  units: { line: MarketLine; quantity: number }[];
}

/** The sandbox keeps two shipments of an order at most: its id behind a 9, or a 6 when cancelled. */
export function shipmentsOf(order: MarketOrder): SandboxShipment[] {
  const shipment = (
    mark: string,
    status: SandboxShipment["status"],
    of: (line: MarketLine) => number,
  ) => {
    const units = order.lines.map((line) => ({ line, quantity: of(line) }));
    const id = `${mark}${order.id}`;
    return { id, status, units: units.filter(({ quantity }) => quantity > 0) };
  };
  return [
    shipment("9", "success", (line) => line.shipped),
    shipment("6", "cancelled", (line) => line.unshipped ?? 0),
  ].filter(({ units }) => units.length > 0);
}

/** The order that a shipment's id names. */
export const shippedOrder = (id: string) => id.replace(/^[69]/, "");
