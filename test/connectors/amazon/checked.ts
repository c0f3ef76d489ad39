import type { Bench } from "../harness.ts";
import { amazonModel } from "./model.ts";

const check = amazonModel();

/** What Amazon's models have against the calls of a bench so far: empty = nothing. */
export async function modelTroubles(bench: Bench): Promise<string[]> {
  const calls = bench.calls.filter(({ request }) => request.url.includes("sellingpartnerapi"));
  const troubles: string[] = [];
  for (const { request, response } of calls.splice(0)) {
    const found = (await check?.(request.clone(), response.clone())) ?? [];
    troubles.push(...found.map((one) => `${request.method} ${request.url}: ${one}`));
  }
  return troubles;
}

/** Operations that were called, in their order: the last words of their paths. */
export function pathsOf(bench: Bench): string[] {
  return bench.calls.map(({ request }) => {
    const { host, pathname } = new URL(request.url);
    return `${request.method} ${host.split(".")[0]}${pathname}`;
  });
}
