/** What the history is narrowed to: what its address says. "" = not narrowed. */
export interface HistorySearch {
  /** An order, a reference, or a part of a SKU, title or barcode. */
  q: string;
  type: string;
  channel: string;
  /** Who, as the record names them. */
  who: string;
  /** Days in the shop's own zone, as 2026-11-25; the last one is included. */
  from: string;
  to: string;
}

/** The address' search, without what is not narrowed. */
export function historyParams(search: HistorySearch): URLSearchParams {
  return new URLSearchParams(Object.entries(search).filter(([, value]) => value !== ""));
}
