import type { LiveChange, LiveSubscriber } from "../jobs/live.ts";

/** Proxies close a connection that says nothing; a comment now and then keeps it. */
const ALIVE_MS = 15_000;

const HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  // nginx would gather events until its buffer is full.
  "X-Accel-Buffering": "no",
};

/**
 * A shop's changes as server-sent events. The first event says that listening has begun: whatever
 * happened before it, a page learns by reading again when it hears it.
 */
export function liveStream(live: LiveSubscriber, shop: string, signal: AbortSignal): Response {
  const text = new TextEncoder();
  let end = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (line: string) => controller.enqueue(text.encode(`${line}\n\n`));
      const hear = (change: LiveChange) => send(`event: change\ndata: ${JSON.stringify(change)}`);
      const leave = live.subscribe(shop, hear);
      const alive = setInterval(send, ALIVE_MS, ": alive").unref();
      end = () => {
        end = () => {};
        clearInterval(alive);
        leave();
      };
      signal.addEventListener("abort", () => {
        end();
        controller.close();
      });
      send("retry: 1000\nevent: ready\ndata: {}");
    },
    cancel: () => end(),
  });
  return new Response(body, { headers: HEADERS });
}
