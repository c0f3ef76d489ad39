import type { World } from "../connectors/connector.ts";
import type { Services } from "./services.ts";

/** What a connector may use of the outside when the web process asks it something. */
export function worldOf({ sandboxUrl, now }: Pick<Services, "sandboxUrl" | "now">): World {
  return { now, ...(sandboxUrl === undefined ? {} : { baseUrl: sandboxUrl }) };
}

/**
 * Where the merchant's browser goes. A sandbox cannot answer to a marketplace's name, so it is
 * reached below its own address, with the name in the path.
 */
export function browserUrl({ sandboxUrl }: Pick<Services, "sandboxUrl">, url: string): string {
  if (sandboxUrl === undefined) return url;
  const { host, pathname, search } = new URL(url);
  return `${sandboxUrl.replace(/\/+$/, "")}/at/${host}${pathname}${search}`;
}
