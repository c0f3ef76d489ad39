/** A page as TikTok cuts it; null where its size is not allowed. */
export function pageOf<T>(
  rows: readonly T[],
  url: URL,
  most = 100,
): { rows: T[]; next: string | null; total: number } | null {
  const size = Number(url.searchParams.get("page_size"));
  if (!(size >= 1 && size <= most)) return null;
  // Opaque to whoever reads it.
  const from = Number(atob(url.searchParams.get("page_token") ?? "") || 0);
  const next = from + size < rows.length ? btoa(String(from + size)) : null;
  return { rows: rows.slice(from, from + size), next, total: rows.length };
}
