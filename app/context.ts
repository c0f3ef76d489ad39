import type { AppLoadContext } from "@remix-run/node";
import type { Gate } from "./gate.ts";
import type { Services } from "./services.ts";

declare module "@remix-run/server-runtime" {
  /** Loaders' data reach the browser as they are, dates included: see remix.config.js. */
  interface Future {
    v3_singleFetch: true;
  }

  /** What the server hands to every loader and action: see app/web.ts. */
  interface AppLoadContext {
    services: Services;
    gate: Gate;
    /** The address a request comes from, as far as the proxies before us are trusted. */
    from: string;
  }
}

export type { AppLoadContext };
