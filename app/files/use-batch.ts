import { useFetcher } from "@remix-run/react";
import { useOnward } from "../components/use-onward.ts";
import type { BatchResult } from "./batches.server.ts";

/** What a page does with a batch, wherever it shows it; taking one back leads to the undo. */
export function useBatch(id: string) {
  const fetcher = useFetcher<BatchResult>();
  // Not a redirect: a page that reads itself again meanwhile, because stock moved, would lose it.
  const undo = fetcher.data?.outcome === "undone" ? fetcher.data.batch : undefined;
  useOnward(fetcher, undo === undefined || undo === id ? undefined : `/app/batches/${undo}`);
  return fetcher;
}
