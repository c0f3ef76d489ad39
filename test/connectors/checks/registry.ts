import { amazonModel } from "../amazon/model.ts";
import { ebayModel } from "../ebay/model.ts";
import { shopifyCheck } from "./shopify.ts";
import { tiktokCheck } from "./tiktok.ts";
import { walmartCheck } from "./walmart.ts";

/** What a call did wrong by what its marketplace publishes: empty = nothing. */
export type CheckCall = (request: Request, response: Response) => Promise<string[]>;

const EBAY_REST = /\/(sell|commerce\/notification|post-order)\//;

const MAKERS: Record<string, () => CheckCall | null> = {
  shopify: shopifyCheck,
  amazon: () => only(/sellingpartnerapi/, amazonModel()),
  walmart: walmartCheck,
  tiktok: tiktokCheck,
  ebay: () => only(EBAY_REST, ebayModel()),
};

const made = new Map<string, CheckCall | null>();

/** The check of a marketplace's calls; null where it has none, or its model is absent. */
export function checkOf(channel: string): CheckCall | null {
  if (!made.has(channel)) made.set(channel, MAKERS[channel]?.() ?? null);
  return made.get(channel) ?? null;
}

function only(urls: RegExp, check: CheckCall | null): CheckCall | null {
  if (!check) return null;
  return async (request, response) => (urls.test(request.url) ? check(request, response) : []);
}

/** What is published, held against every call that was made; calls that faults spoiled aside. */
export async function troublesOf(
  channel: string,
  calls: readonly { request: Request; response: Response }[],
): Promise<string[]> {
  const check = checkOf(channel);
  const troubles: string[] = [];
  for (const { request, response } of check ? calls : []) {
    if (isSpoiled(response)) continue;
    const found = (await check?.(request.clone(), response.clone())) ?? [];
    troubles.push(...found.map((one) => `${request.method} ${request.url}: ${one}`));
  }
  return troubles;
}

/** A cut line, half an answer, or one in an envelope that is nobody's. */
const isSpoiled = (response: Response) =>
  response.type === "error" || response.headers.has("x-sandbox-spoiled");
