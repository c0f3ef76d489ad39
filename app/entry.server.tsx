import { PassThrough } from "node:stream";
import {
  type AppLoadContext,
  createReadableStreamFromReadable,
  type EntryContext,
  type HandleErrorFunction,
} from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";

/** Loaders that are slower than this leave their place on the page to an error. */
const PATIENCE_MS = 5_000;

/** What is ready of a page leaves in one piece: painted piece by piece it would move about. */
const ONE_PIECE = 1024 * 1024;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { gate, services }: AppLoadContext,
): Promise<Response> {
  gate.pageHeaders(request, headers);
  headers.set("Content-Type", "text/html");
  // A crawler waits for the whole page; a person sees its frame first.
  const ready = isbot(request.headers.get("User-Agent")) ? "onAllReady" : "onShellReady";
  return new Promise((resolve, reject) => {
    let answered = false;
    let code = status;
    const { pipe, abort } = renderToPipeableStream(
      <RemixServer context={remixContext} url={request.url} />,
      {
        [ready]: () => {
          answered = true;
          const body = new PassThrough({ highWaterMark: ONE_PIECE });
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: code }));
          pipe(body);
        },
        onShellError: reject,
        onError(error: unknown) {
          code = 500;
          // Before the first byte the rejection is logged by whoever asked for the page.
          if (answered) services.log.error({ error }, "a page broke while it was sent");
        },
      },
    );
    setTimeout(abort, PATIENCE_MS + 1_000).unref();
  });
}

export const streamTimeout = PATIENCE_MS;

export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted) return;
  context.services.log.error({ error, path: new URL(request.url).pathname }, "a page failed");
};
