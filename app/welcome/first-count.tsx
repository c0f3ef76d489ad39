import { Banner, BlockStack } from "@shopify/polaris";
import { BatchCard } from "../files/batch-card.tsx";
import { BatchProblems } from "../files/batch-problems.tsx";
import type { BatchPage } from "../files/batches.server.ts";
import { useBatch } from "../files/use-batch.ts";

/** The newest first count: how far it is, what it waits for, what it could not use. */
export function FirstCount({ count }: { count: BatchPage }) {
  const { batch, problems, next } = count;
  const fetcher = useBatch(batch.id);
  return (
    <BlockStack gap="300">
      {fetcher.data?.outcome === "refused" ? (
        <Banner tone="warning">{fetcher.data.why}</Banner>
      ) : null}
      <BatchCard key={batch.state} batch={batch} fetcher={fetcher} />
      {problems.length > 0 ? (
        <BatchProblems batch={batch} problems={problems} next={next} first={next === undefined} />
      ) : null}
    </BlockStack>
  );
}
