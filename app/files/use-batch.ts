import { useFetcher, useNavigate } from "@remix-run/react";
import { useEffect } from "react";
import type { BatchResult } from "./batches.server.ts";

/** What a page does with a batch, wherever it shows it; taking one back leads to the undo. */
export function useBatch(id: string) {
  const fetcher = useFetcher<BatchResult>();
  const navigate = useNavigate();
  // Not a redirect: a page that reads itself again meanwhile, because stock moved, would lose it.
  const undo = fetcher.data?.outcome === "undone" ? fetcher.data.batch : undefined;
  useEffect(() => {
    if (undo !== undefined && undo !== id) navigate(`/app/batches/${undo}`);
  }, [undo, id, navigate]);
  return fetcher;
}
