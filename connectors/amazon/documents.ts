import { gunzipSync } from "node:zlib";
import type { World } from "../connector.ts";
import { type Answered, call, transportFailure } from "../http.ts";

/** Documents lie outside the API, behind addresses that are good for five minutes. */
const TRANSFER_TIMEOUT_MS = 60_000;

export const FEED_CONTENT_TYPE = "application/json; charset=UTF-8";

/** Puts a document where Amazon will fetch it. Nothing counts before a feed is made of it. */
export async function upload(world: World, url: string, body: string): Promise<Answered<null>> {
  const headers = { "content-type": FEED_CONTENT_TYPE };
  const init = { method: "PUT", headers, body, timeoutMs: TRANSFER_TIMEOUT_MS };
  try {
    const response = await call(world, url, init);
    await response.arrayBuffer();
    if (response.ok) return { outcome: "answered", data: null };
    return { outcome: "unavailable", why: `upload: HTTP ${response.status}` };
  } catch (error) {
    return transportFailure(error, "read");
  }
}

export interface DocumentPlace {
  url: string;
  compressionAlgorithm?: "GZIP" | null | undefined;
}

/** Fetches a document and reads it in its own encoding. */
export async function download(world: World, place: DocumentPlace): Promise<Answered<string>> {
  try {
    const response = await call(world, place.url, { timeoutMs: TRANSFER_TIMEOUT_MS });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok) return { outcome: "unavailable", why: `download: HTTP ${response.status}` };
    const plain = place.compressionAlgorithm === "GZIP" ? gunzipSync(bytes) : bytes;
    const data = decoded(plain, response.headers.get("content-type") ?? "");
    return { outcome: "answered", data };
  } catch (error) {
    return transportFailure(error, "read");
  }
}

/**
 * Reports come in UTF-8, or in what the country was used to (Latin-1, Shift_JIS). Where the charset
 * is not said, or is one that nobody knows, bytes that are not UTF-8 are taken for Windows-1252.
 */
export function decoded(bytes: Uint8Array, contentType: string): string {
  const charset = /charset=["']?([^;"'\s]+)/i.exec(contentType)?.[1];
  for (const encoding of [charset, "utf-8"]) {
    if (!encoding) continue;
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not this one.
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}
