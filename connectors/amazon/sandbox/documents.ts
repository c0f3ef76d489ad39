import { gzipSync } from "node:zlib";
import { HttpResponse, http, type RequestHandler } from "msw";
import { uuid } from "../../sandbox/random.ts";
import type { AmazonMoment, SandboxDocument } from "./state.ts";

const STORE = "https://tortuga-prod-na.s3.amazonaws.com";

/** Addresses are good for five minutes. */
const ADDRESS_LIFE_MS = 5 * 60_000;

/** The newest ones are kept: a seller reads a result once. */
const KEPT = 50;

export function addDocument({ state }: AmazonMoment, document: SandboxDocument): string {
  const id = `amzn1.tortuga.4.na.${uuid(state.market)}`;
  const newest = Object.entries(state.documents).slice(-KEPT);
  state.documents = { ...Object.fromEntries(newest), [id]: document };
  return id;
}

/** A presigned address, for whoever has it. */
export function addressOf(moment: AmazonMoment, id: string): string {
  return `${STORE}/${id}?X-Amz-Signature=sandbox&X-Amz-Until=${moment.now + ADDRESS_LIFE_MS}`;
}

/** The store behind those addresses, which speaks XML when it refuses. */
export function documentHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.put(`${STORE}/:id`, async ({ request, params }) => {
      const text = await request.text();
      const now = moment();
      const found = find(now, request, String(params.id));
      if (found instanceof Response) return found;
      if (request.headers.get("content-type") !== found.contentType) {
        return storeError(403, "SignatureDoesNotMatch");
      }
      found.text = text;
      return new HttpResponse(null, { status: 200 });
    }),
    http.get(`${STORE}/:id`, ({ request, params }) => {
      const found = find(moment(), request, String(params.id));
      if (found instanceof Response) return found;
      if (found.text === null) return storeError(404, "NoSuchKey");
      const bytes = gzipSync(Buffer.from(found.text, charsetOf(found.contentType)));
      return new HttpResponse(new Uint8Array(bytes), {
        headers: { "content-type": found.contentType },
      });
    }),
  ];
}

function find(now: AmazonMoment, request: Request, id: string): SandboxDocument | Response {
  if (now.state.market.faults.outage) return storeError(503, "SlowDown");
  const until = Number(new URL(request.url).searchParams.get("X-Amz-Until") ?? 0);
  if (until < now.now) return storeError(403, "AccessDenied");
  return now.state.documents[id] ?? storeError(404, "NoSuchKey");
}

const charsetOf = (contentType: string) =>
  /charset=ISO-8859-1/i.test(contentType) ? "latin1" : "utf8";

/** Reports still come in Latin-1, unless somebody's words do not fit into it. */
export function reportContentType(text: string): string {
  const fits = [...text].every((letter) => (letter.codePointAt(0) ?? 0) < 256);
  return `text/plain; charset=${fits ? "ISO-8859-1" : "UTF-8"}`;
}

function storeError(status: number, code: string) {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`;
  return new HttpResponse(body, { status, headers: { "content-type": "application/xml" } });
}
