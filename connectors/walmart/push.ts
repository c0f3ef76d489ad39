import { z } from "zod";
import { assert } from "../../inventory/assert.ts";
import type { Account, PushLine, PushResult } from "../connector.ts";
import type { Ask, WalmartClient } from "./client.ts";
import { nodesOf } from "./nodes.ts";
import { id, listOf } from "./quantity.ts";

/**
 * What is sent for a line. Walmart takes off what is sold and not yet shipped by itself, so that
 * has to be in the number: without it the same units would be taken off twice.
 * https://developer.walmart.com/us-marketplace/docs/inventory-api-overview
 */
export function inputOf(line: PushLine): number {
  const open = line.openUnits ?? 0;
  assert(line.quantity >= 0 && open >= 0, "units are counted, never owed");
  return line.quantity + open;
}

/** Sets one SKU's quantity after another: absolute, the last writer wins, no idempotency key. */
export async function pushQuantities(
  client: WalmartClient,
  account: Account,
  batch: readonly PushLine[],
): Promise<PushResult[]> {
  const nodes = nodesOf(account);
  const results: PushResult[] = [];
  for (const line of batch) {
    results.push(
      nodes === null ? await pushDefault(client, line) : await pushNodes(client, nodes, line),
    );
  }
  return results;
}

const skuOf = (line: PushLine) => line.handle.sku ?? line.externalId;

const write = (path: string, json: unknown): Ask => ({
  method: "PUT",
  path,
  kind: "write",
  name: "push",
  json,
});

const setSchema = z.object({ sku: z.string() });

/** At the seller's default ship node. The SKU stands in the query and in the body. */
async function pushDefault(client: WalmartClient, line: PushLine): Promise<PushResult> {
  const sku = skuOf(line);
  const path = `/v3/inventory?sku=${encodeURIComponent(sku)}`;
  const quantity = { unit: "EACH", amount: inputOf(line) };
  const answer = await client.run(setSchema, write(path, { sku, quantity }));
  if (answer.outcome === "refused") return { outcome: "rejected", why: answer.why };
  return answer.outcome === "answered" ? { outcome: "accepted" } : answer;
}

const nodeErrorSchema = z.object({
  code: z.string().nullish(),
  description: z.string().nullish(),
  category: z.string().nullish(),
});

const nodesSetSchema = z.object({
  nodes: listOf(
    z.object({
      shipNode: id,
      status: z.string(),
      errors: listOf(nodeErrorSchema).nullish(),
    }),
  ),
});

/** A ship node's name, and the amount it is to have. */
export function amountsOf(
  { told, emptied }: { told: string; emptied: readonly string[] },
  line: PushLine,
): { shipNode: string; amount: number }[] {
  return [
    { shipNode: told, amount: inputOf(line) },
    ...emptied.map((shipNode) => ({ shipNode, amount: 0 })),
  ];
}

/** At named nodes. The answer is 200 whatever became of it: each node has its own status. */
async function pushNodes(
  client: WalmartClient,
  nodes: { told: string; emptied: readonly string[] },
  line: PushLine,
): Promise<PushResult> {
  const path = `/v3/inventories/${encodeURIComponent(skuOf(line))}`;
  const wanted = amountsOf(nodes, line).map(({ shipNode, amount }) => {
    return { shipNode, inputQty: { unit: "EACH", amount } };
  });
  const body = { inventories: { nodes: wanted } };
  const answer = await client.run(nodesSetSchema, write(path, body));
  if (answer.outcome === "refused") return { outcome: "rejected", why: answer.why };
  if (answer.outcome !== "answered") return answer;
  const results = wanted.map(({ shipNode }) => {
    return nodeResult(
      shipNode,
      answer.data.nodes.find((node) => node.shipNode === shipNode),
    );
  });
  const [told = nodeResult(nodes.told, undefined), ...emptied] = results;
  if (told.outcome !== "accepted") return told;
  // A node that is not there, or does not have it, sells nothing: it is as good as empty.
  return emptied.find(({ outcome }) => outcome === "unknown") ?? told;
}

type NodeSet = z.infer<typeof nodesSetSchema>["nodes"][number];

function nodeResult(shipNode: string, set: NodeSet | undefined): PushResult {
  if (!set) return { outcome: "unknown", why: `nothing was said of ship node ${shipNode}` };
  if (set.status.toLowerCase() === "success") return { outcome: "accepted" };
  const errors = set.errors ?? [];
  const why = errors.map(({ code, description }) => `${code ?? ""} ${description ?? ""}`.trim());
  const reason = `ship node ${shipNode}: ${why.join("; ") || set.status}`;
  // Only what is wrong with the data stays wrong; the rest may have gone half way.
  const system = errors.some(({ category }) => category === "SYSTEM");
  return system ? { outcome: "unknown", why: reason } : { outcome: "rejected", why: reason };
}
