import type { ReactNode } from "react";
import type { Format } from "../../inventory/format.ts";
import type { LatestWork } from "../../prisma/channel-facts.ts";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { HEARD_BY, lastPushText } from "./channel-texts.ts";
import type { ChannelView } from "./channels.server.ts";

interface Props {
  view: ChannelView;
  /** What it did and heard last; only its own page asks for it. */
  latest?: LatestWork;
  now?: number;
}

/** A connection's numbers, as names and values. */
export function ChannelFacts({ view, latest, now }: Props) {
  const { figures, ordersKnownTo, healthyAt, reconnectBy, disconnected } = view;
  const format = useFormat();
  const { number, day } = format;
  // Beside other channels only what there is; on its own page also what there is none of.
  const some = (name: string, count: number): [string, ReactNode][] =>
    count > 0 || latest ? [[name, number(count)]] : [];
  const facts: [name: string, value: ReactNode][] = [
    ["Listings", number(figures.listings)],
    ["Matched", number(figures.matched)],
    ...some("Unmatched", figures.unmatched),
    ...some("Shipped by the marketplace", figures.marketplaceFulfilled),
  ];
  if (!disconnected) {
    facts.push(
      ["Pushes waiting", number(figures.waiting)],
      ...some("Dead letters", figures.deadLetters),
      ["A sale told, half within", lag(figures.ackP50, format)],
      ["A sale told, 95 % within", lag(figures.ackP95, format)],
      ["Orders known up to", <When key="known" at={ordersKnownTo} never="not read yet" />],
      ...(latest && now ? latestFacts(latest, ordersKnownTo, now, format) : []),
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

function latestFacts(
  { push, readBackAt, order }: LatestWork,
  ordersKnownTo: Date | null,
  now: number,
  format: Format,
): [name: string, value: ReactNode][] {
  const behind = ordersKnownTo ? Math.max(0, now - ordersKnownTo.getTime()) : null;
  return [
    ["Orders behind by", behind === null ? "not read yet" : format.duration(behind)],
    ["Last order heard", order ? <Said key="o" at={order.at} text={HEARD_BY[order.by]} /> : "none"],
    [
      "Last push",
      push ? <Said key="p" at={push.at} text={lastPushText(push.outcomes, format)} /> : "none yet",
    ],
    ["Last read back", <When key="r" at={readBackAt} never="nothing yet" />],
  ];
}

function Said({ at, text }: { at: Date; text: string }) {
  return (
    <>
      <Time at={at} />
      <span className="second-line">{text}</span>
    </>
  );
}

function When({ at, never }: { at: Date | null; never: string }) {
  return at ? <Time at={at} /> : never;
}

function lag(ms: number | null, { duration }: Format): string {
  return ms === null ? "no sale in a day" : duration(ms);
}
