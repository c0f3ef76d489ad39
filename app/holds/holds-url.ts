import type { HoldSource } from "../../inventory/hold.ts";

/** The page of holds: those of one source, and charts of one span. What is usual is left out. */
export function holdsUrl({ span, from }: { span: string; from: HoldSource | undefined }): string {
  const params = new URLSearchParams(span === "hour" ? {} : { span });
  if (from !== undefined) params.set("from", from);
  return params.size > 0 ? `/app/holds?${params}` : "/app/holds";
}
