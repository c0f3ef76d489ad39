import { html, type Markup } from "./html.ts";

/** A JSON schema as the OpenAPI document has it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
}

export type Schemas = Record<string, Schema>;

/** The members of an object, one a row; one table for each shape that it may have. */
export function fieldsOf(schema: Schema, schemas: Schemas): Markup[] {
  const found = resolved(schema, schemas);
  const shapes = found.oneOf ?? found.anyOf;
  if (shapes) return shapes.flatMap((shape) => fieldsOf(shape, schemas));
  if (!found.properties) return [];
  const rows = Object.entries(found.properties).map(([name, field]) => {
    return fieldRow(name, field, found.required?.includes(name) ?? false, schemas);
  });
  return [html`<table><thead>${HEAD}</thead><tbody>${rows}</tbody></table>`];
}

const HEAD = html`<tr><th scope="col">Name</th><th scope="col">What it is</th></tr>`;

/** One member or parameter: its name, type, bounds and meaning. */
export function fieldRow(name: string, field: Schema, needed: boolean, schemas: Schemas): Markup {
  const { description = "" } = { ...resolved(field, schemas), ...field };
  return html`<tr><th scope="row"><code>${name}</code>${needed ? null : html` <small>optional</small>`}</th>
    <td><code>${typeText(field, schemas)}</code> ${description}</td></tr>`;
}

function resolved(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (schemas[name] ?? {});
}

/** "integer 1 to 86400, else 900", "one of live, expired", "list of { sku, quantity }". */
function typeText(schema: Schema, schemas: Schemas): string {
  const found = resolved(schema, schemas);
  const shapes = found.oneOf ?? found.anyOf;
  if (shapes) return shapes.map((shape) => typeText(shape, schemas)).join(" or ");
  if (found.const !== undefined) return JSON.stringify(found.const);
  if (found.enum) return `one of ${found.enum.join(", ")}`;
  if (found.items) return `list of ${typeText(found.items, schemas)}`;
  if (found.properties) return `{ ${Object.keys(found.properties).join(", ")} }`;
  const type = [found.type ?? "any"].flat().join(" or ");
  return [type, found.format, boundsText(found), defaultText(found)].filter(Boolean).join(" ");
}

function boundsText({ minimum, maximum }: Schema): string {
  if (minimum === undefined && maximum === undefined) return "";
  if (maximum === undefined) return `from ${minimum}`;
  return minimum === undefined ? `up to ${maximum}` : `${minimum} to ${maximum}`;
}

function defaultText(schema: Schema): string {
  return schema.default === undefined ? "" : `(else ${JSON.stringify(schema.default)})`;
}
