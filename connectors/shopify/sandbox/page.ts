export interface PageArgs {
  first?: number;
  after?: string | null;
}

/**
 * A connection over `rows`. Without `first` it has all of them, which only a bulk query may ask
 * for.
 */
export function page<T>(rows: T[], { first = rows.length, after }: PageArgs) {
  const from = after ? Number(after) : 0;
  const nodes = rows.slice(from, from + first);
  return {
    nodes,
    edges: nodes.map((node) => ({ node })),
    pageInfo: {
      hasNextPage: rows.length > from + first,
      endCursor: String(Math.min(rows.length, from + first)),
    },
  };
}
