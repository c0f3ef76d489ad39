import { formatFor } from "../../../inventory/format.ts";
import { DEFAULT_REGIONAL } from "../../../inventory/regional.ts";
import { SCOPES } from "../../../inventory/scope.ts";
import { WEBHOOK_EVENTS } from "../../../inventory/webhook.ts";
import { EVENT_TEXTS } from "../../machines/webhook-texts.ts";
import { SCOPE_TEXTS, TAG_TEXTS } from "../api-texts.ts";
import { PROBLEMS } from "../problem.ts";
import type { Route } from "../route.ts";
import { DOCS_STYLE } from "./docs-style.ts";
import { DOCS_TEXTS as TEXTS } from "./docs-texts.ts";
import type { Schemas } from "./fields.ts";
import { html, Markup } from "./html.ts";
import { type Operation, operationSection } from "./operation.ts";
import { VERIFY_EXAMPLE } from "./verify-example.ts";

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Schemas };
}

interface Facts {
  /** Where this server is reached. */
  server: string;
  /** Requests that a token may make in a minute. */
  perMinute: number;
}

/**
 * The documentation for people: one page without script, made of the routes and of the OpenAPI
 * document that is made of them, so that it cannot say anything else.
 */
export function docsPage(routes: readonly Route[], document: unknown, facts: Facts): string {
  // The document is our own: see openapi.ts.
  const { paths, components } = document as Document;
  const tags = Map.groupBy(routes, ({ tag }) => tag);
  const groups = [...tags].map(([tag, some]) => {
    const sections = some.map((route) => {
      const operation = paths[route.path]?.[route.method];
      return operation ? operationSection(route, operation, components.schemas) : null;
    });
    return html`<h2 id="${tag}">${tag}</h2><p>${TAG_TEXTS[tag] ?? ""}</p>${sections}`;
  });
  const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${TEXTS.title}</title><style>${new Markup(DOCS_STYLE)}</style></head><body>
    <nav aria-label="Contents">${contents(tags)}</nav>
    <main><h1>${TEXTS.title}</h1><p>${TEXTS.lead}</p>
    <p>${TEXTS.machine} <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>
    ${guide(facts)}${groups}</main></body></html>`;
  return page.text;
}

const GUIDE = {
  start: "First request",
  authentication: "Tokens and scopes",
  errors: "Refusals",
  idempotency: "Sending again",
  paging: "Pages",
  limits: "Rate limits",
  events: "Being told of events",
} as const;

function contents(tags: ReadonlyMap<string, Route[]>): Markup {
  const guides = Object.entries(GUIDE).map(([id, title]) => {
    return html`<li><a href="#${id}">${title}</a></li>`;
  });
  const groups = [...tags].map(([tag, routes]) => {
    const links = routes.map(({ id, summary }) => html`<li><a href="#${id}">${summary}</a></li>`);
    return html`<li><a href="#${tag}">${tag}</a><ul>${links}</ul></li>`;
  });
  return html`<ul>${guides}${groups}</ul>`;
}

function guide({ server, perMinute }: Facts): Markup {
  const most = formatFor(DEFAULT_REGIONAL).number(perMinute);
  const scopes = SCOPES.map((scope) => row(scope, SCOPE_TEXTS[scope]));
  const problems = Object.entries(PROBLEMS).map(([name, { status, title }]) => {
    return row(name, `${status}: ${title}.`);
  });
  const events = WEBHOOK_EVENTS.map((event) => row(event, `${EVENT_TEXTS[event]}.`));
  const settings = `export BALLAST_URL=${server}\nexport BALLAST_TOKEN=your-token\nexport ID=`;
  return html`
    ${heading("start")}<p>${TEXTS.start}</p>${code("Settings", settings)}
    ${heading("authentication")}<p>${TEXTS.auth}</p>${code("Header", "Authorization: Bearer your-token")}
    ${table("Scope", scopes)}
    ${heading("errors")}<p>${TEXTS.errors}</p><p>${TEXTS.availability}</p>${table("Type", problems)}
    ${heading("idempotency")}<p>${TEXTS.idempotency}</p>
    ${heading("paging")}<p>${TEXTS.paging}</p>
    ${heading("limits")}<p>${TEXTS.limits(most)}</p>
    ${heading("events")}<p>${TEXTS.webhooks}</p>${table("Event", events)}<p>${TEXTS.verify}</p>
    <pre tabindex="0" aria-label="Checking a signature" data-verify>${VERIFY_EXAMPLE}</pre>`;
}

function heading(id: keyof typeof GUIDE): Markup {
  return html`<h2 id="${id}">${GUIDE[id]}</h2>`;
}

function code(label: string, text: string): Markup {
  return html`<pre tabindex="0" aria-label="${label}">${text}</pre>`;
}

function row(name: string, text: string): Markup {
  return html`<tr><th scope="row"><code>${name}</code></th><td>${text}</td></tr>`;
}

function table(head: string, rows: readonly Markup[]): Markup {
  return html`<table><thead><tr><th scope="col">${head}</th><th scope="col">Meaning</th></tr></thead>
    <tbody>${rows}</tbody></table>`;
}
