import { Link } from "@remix-run/react";
import { useEffect, useState } from "react";
import { CHART_PARTS_WORDS } from "./part-texts.ts";

/** A line or bar of a chart. */
export interface Series {
  key: string;
  title: string;
  colour: string;
}

/**
 * Whether the page has come alive. A chart is not in the server's page: numbers that change while
 * its library is still on its way would find a picture that React has not taken over yet, which it
 * then draws anew with an error.
 */
export function useMounted(): boolean {
  const [mounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  return mounted;
}

/** What each colour of a chart means, with its number. */
export function Legend({ series, numberOf }: { series: Series[]; numberOf(key: string): string }) {
  return (
    <div className="legend">
      {series.map(({ key, title, colour: background }) => (
        <span key={key}>
          <span className="dot" style={{ background }} aria-hidden />
          {`${title} ${numberOf(key)}`}
        </span>
      ))}
    </div>
  );
}

interface SpanProps {
  spans: Record<string, { label: string }>;
  span: string;
  urlOf(span: string): string;
}

/** The times that a page's charts can look back on. */
export function SpanLinks({ spans, span, urlOf }: SpanProps) {
  return (
    <nav className="filters" aria-label={CHART_PARTS_WORDS.timeShownByThe}>
      {Object.entries(spans).map(([key, { label }]) => (
        <Link
          key={key}
          to={urlOf(key)}
          preventScrollReset
          aria-current={key === span ? "page" : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
