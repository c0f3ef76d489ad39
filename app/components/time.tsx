import { useFormat } from "../use-format.ts";

/** A moment in the shop's zone, the same on the server and in every browser. */
export function Time({ at }: { at: Date | string }) {
  const { time } = useFormat();
  const iso = new Date(at).toISOString();
  // A browser whose tables of names are older than ours keeps what the server wrote.
  return (
    <time dateTime={iso} suppressHydrationWarning>
      {time(iso)}
    </time>
  );
}
