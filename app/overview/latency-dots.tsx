import {
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  XAxis,
  YAxis,
} from "recharts";
import type { SaleLatency } from "../../prisma/shop-summary.ts";
import { channelColour } from "../channels/channel-colour.ts";
import { useFormat } from "../use-format.ts";

/** The target of row E4: a sale reaches every other channel in a second. */
const TARGET_MS = 1_000;
const HEIGHT = 180;
const TICK = { fontSize: 12, fill: "#616161" };

/** Every sale as a dot: when it was, and how long it took to reach the channel of its colour. */
export default function LatencyDots({
  sales,
  channels,
}: {
  sales: SaleLatency[];
  channels: string[];
}) {
  const { clock, duration } = useFormat();
  const points = sales.map(({ channel, at, ms }) => ({ channel, at: at.getTime(), ms }));
  const size = { width: 600, height: HEIGHT };
  return (
    <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={size}>
      <ScatterChart margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="#e3e3e3" />
        <XAxis
          dataKey="at"
          type="number"
          domain={["dataMin", "dataMax"]}
          tickFormatter={clock}
          tick={TICK}
          minTickGap={60}
        />
        <YAxis
          dataKey="ms"
          type="number"
          domain={[0, (top: number) => Math.max(top, TARGET_MS * 1.1)]}
          tickFormatter={duration}
          tick={TICK}
          width={56}
        />
        <ReferenceLine y={TARGET_MS} stroke="#8a8a8a" strokeDasharray="4 4" />
        {channels.map((channel, at) => (
          <Scatter
            key={channel}
            data={points.filter((point) => point.channel === channel)}
            fill={channelColour(at)}
            fillOpacity={0.7}
            isAnimationActive={false}
          />
        ))}
      </ScatterChart>
    </ResponsiveContainer>
  );
}
