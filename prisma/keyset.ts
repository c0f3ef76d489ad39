/** Where a page of a list begins: after a place in its order, or before it; at the start when neither. */
export interface Place<Cursor> {
  after?: Cursor | undefined;
  before?: Cursor | undefined;
}

/** A page in the list's order, and whether there is one before and one after it. */
export interface KeysetPage<Row> {
  rows: Row[];
  hasPrevious: boolean;
  hasNext: boolean;
}

/**
 * A page of the rows that were found from a place on, away from it: one more than a page has says
 * that there are more. Lists are paged by places instead of offsets, so that the thousandth page
 * costs as much as the first.
 */
export function keysetPage<Row>(
  found: readonly Row[],
  limit: number,
  { after, before }: Place<unknown>,
): KeysetPage<Row> {
  const backwards = before !== undefined;
  const more = found.length > limit;
  const rows = found.slice(0, limit);
  if (backwards) rows.reverse();
  return {
    rows,
    hasPrevious: backwards ? more : after !== undefined,
    hasNext: backwards || more,
  };
}
