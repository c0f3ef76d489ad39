import type { ReactNode } from "react";
import type { Format } from "../../inventory/format.ts";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import type { ChannelView } from "./channels.server.ts";

/** A connection's numbers, as names and values. */
export function ChannelFacts({ view }: { view: ChannelView }) {
  const { figures, ordersKnownTo, healthyAt, reconnectBy, disconnected } = view;
  const format = useFormat();
  const { number, day } = format;
  const facts: [name: string, value: ReactNode][] = [
    ["Listings", number(figures.listings)],
    ["Matched", number(figures.matched)],
    ["Unmatched", number(figures.unmatched)],
    ["Shipped by the marketplace", number(figures.marketplaceFulfilled)],
  ];
  if (!disconnected) {
    facts.push(
      ["Pushes waiting", number(figures.waiting)],
      ["Dead letters", number(figures.deadLetters)],
      ["A sale told, half within", lag(figures.ackP50, format)],
      ["A sale told, 95 % within", lag(figures.ackP95, format)],
      ["Orders known up to", <When key="known" at={ordersKnownTo} never="not read yet" />],
      ["Last let in", <When key="healthy" at={healthyAt} never="not checked yet" />],
      ["Consent ends", reconnectBy ? day(reconnectBy) : "no end known"],
    );
  }
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function When({ at, never }: { at: Date | null; never: string }) {
  return at ? <Time at={at} /> : never;
}

function lag(ms: number | null, { duration }: Format): string {
  return ms === null ? "no sale in a day" : duration(ms);
}
