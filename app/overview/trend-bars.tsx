import { Bar, BarChart, CartesianGrid, ResponsiveContainer, XAxis, YAxis } from "recharts";
import type { Series } from "../components/chart-parts.tsx";
import { useFormat } from "../use-format.ts";
import type { TrendStep } from "./trends.ts";

const HEIGHT = 180;
const TICK = { fontSize: 12, fill: "#616161" };

interface Props {
  steps: TrendStep[];
  series: Series[];
  /** Side by side instead of one colour on top of the other. */
  compared: boolean;
}

/** How many of each series in each step of time. */
export default function TrendBars({ steps, series, compared }: Props) {
  const { minute, number } = useFormat();
  return (
    <ResponsiveContainer
      width="100%"
      height={HEIGHT}
      initialDimension={{ width: 600, height: HEIGHT }}
    >
      <BarChart
        data={steps}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="#e3e3e3" />
        <XAxis dataKey="at" tickFormatter={minute} tick={TICK} minTickGap={40} />
        <YAxis allowDecimals={false} tickFormatter={number} tick={TICK} width={48} />
        {series.map(({ key, colour }) => (
          <Bar
            key={key}
            dataKey={({ counts }: TrendStep) => counts[key] ?? 0}
            stackId={compared ? key : "all"}
            fill={colour}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
