import { useEffect, useState } from "react";

const SECOND_MS = 1_000;

/** The server's time, going on by itself: a shopper's or merchant's own clock may be wrong. */
export function useClock(now: number): number {
  const [clock, setClock] = useState(now);
  useEffect(() => {
    const begun = performance.now();
    setClock(now);
    const tick = () => setClock(now + performance.now() - begun);
    const timer = setInterval(tick, SECOND_MS);
    return () => clearInterval(timer);
  }, [now]);
  return clock;
}
