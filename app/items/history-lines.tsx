import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from "recharts";
import type { Series } from "../components/chart-parts.tsx";
import { useFormat } from "../use-format.ts";
import type { HistoryPoint, HistorySpan } from "./item-history.ts";

const HEIGHT = 220;
const TICK = { fontSize: 12, fill: "#616161" };

interface Props {
  points: HistoryPoint[];
  series: Series[];
  span: HistorySpan;
  numberAt(point: HistoryPoint, key: string): number | null;
}

/** Numbers over time. They jump: between two movements nothing changes. */
export default function HistoryLines({ points, series, span, numberAt }: Props) {
  const { minute, day, number } = useFormat();
  return (
    <ResponsiveContainer
      width="100%"
      height={HEIGHT}
      initialDimension={{ width: 600, height: HEIGHT }}
    >
      <LineChart
        data={points}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="#e3e3e3" />
        <XAxis
          dataKey="at"
          type="number"
          domain={["dataMin", "dataMax"]}
          tickFormatter={span === "day" ? minute : day}
          tick={TICK}
          minTickGap={40}
        />
        <YAxis allowDecimals={false} tickFormatter={number} tick={TICK} width={56} />
        {series.map(({ key, colour }) => (
          <Line
            key={key}
            type="stepBefore"
            dataKey={(point: HistoryPoint) => numberAt(point, key)}
            stroke={colour}
            strokeWidth={key === "onHand" || key === "available" ? 2.5 : 1.5}
            strokeDasharray={key === "available" ? "6 3" : undefined}
            dot={false}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
