import { PROBLEMS, type ProblemName } from "../problem.ts";
import type { Route } from "../route.ts";
import { fieldRow, fieldsOf, type Schema, type Schemas } from "./fields.ts";
import { html, type Markup } from "./html.ts";
import { curlOf, type RequestExample, requestExamples, typescriptOf } from "./request-example.ts";

/** What the OpenAPI document says of a route, as far as the page shows it. */
export interface Operation {
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema: Schema;
  }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string }>;
}

/** The status of a refusal, by its name. */
export const statusOf = (name: string): number => PROBLEMS[name as ProblemName].status;

/** One endpoint: what it takes, what it answers, and requests that run. */
export function operationSection(route: Route, operation: Operation, schemas: Schemas): Markup {
  const { id, method, path, summary, description, scope } = route;
  const examples = requestExamples(route, statusOf);
  return html`<section id="${id}">
    <h3>${summary}</h3>
    <p class="route"><b>${method.toUpperCase()}</b> <code>/api/v1${path}</code> <small>needs ${scope}</small></p>
    ${description ? html`<p>${description}</p>` : null}
    ${parametersTable(operation, schemas)}
    ${bodyTables(operation, schemas)}
    ${answers(operation)}
    ${examples.map((example, at) => exampleBlock(example, route.examples[at]?.answer))}
  </section>`;
}

function parametersTable({ parameters = [] }: Operation, schemas: Schemas): Markup | null {
  if (parameters.length === 0) return null;
  const rows = parameters.map(({ name, required = false, schema, description }) => {
    return fieldRow(
      name,
      { ...schema, ...(description ? { description } : {}) },
      required,
      schemas,
    );
  });
  return html`<h4>Parameters</h4><table><thead><tr><th scope="col">Name</th>
    <th scope="col">What it is</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function bodyTables({ requestBody }: Operation, schemas: Schemas): Markup | null {
  if (!requestBody) return null;
  const types = Object.keys(requestBody.content);
  const schema = requestBody.content["application/json"]?.schema;
  const text = types.length > 1 ? html`<p>As ${types.join(" or ")}.</p>` : null;
  return html`<h4>Body</h4>${text}${schema ? fieldsOf(schema, schemas) : null}`;
}

function answers({ responses }: Operation): Markup {
  const rows = Object.entries(responses).map(([status, { description }]) => {
    const lines = description.split("\n").map((line) => html`<div>${line}</div>`);
    return html`<tr><th scope="row">${status}</th><td>${lines}</td></tr>`;
  });
  return html`<details><summary>Answers</summary><table><thead><tr><th scope="col">Status</th>
    <th scope="col">When</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

function exampleBlock(example: RequestExample, answer: unknown): Markup {
  const { name, summary, status } = example;
  const shown = answer === undefined ? "" : JSON.stringify(answer, null, 2);
  return html`<figure><figcaption>${summary}: ${status}</figcaption>
    <pre tabindex="0" aria-label="curl: ${summary}" data-curl="${name}">${curlOf(example)}</pre>
    <details><summary>TypeScript</summary>
      <pre tabindex="0" aria-label="TypeScript: ${summary}" data-typescript="${name}">${typescriptOf(example)}</pre></details>
    ${shown === "" ? null : html`<details><summary>Answer</summary><pre tabindex="0" aria-label="Answer: ${summary}">${shown}</pre></details>`}
  </figure>`;
}
