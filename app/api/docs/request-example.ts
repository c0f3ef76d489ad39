import type { Example, Method, Route } from "../route.ts";

/** A request of the documentation as it is sent, whatever it is written in. */
export interface RequestExample {
  /** The same as in the OpenAPI document: "createHold-1". */
  name: string;
  operation: string;
  summary: string;
  method: Uppercase<Method>;
  /** Below /api/v1, with its query; `{ID}` stands for the id that an earlier answer told. */
  path: string;
  body?: { type: string; text: string };
  /** The status it is answered with. */
  status: number;
}

/** What the examples of a route send. They are what the OpenAPI document shows as well. */
export function requestExamples(route: Route, statusOf: (refusal: string) => number) {
  return route.examples.map((example, at): RequestExample => {
    const { refused } = example;
    const body = bodyOf(route, example);
    return {
      ...{ name: `${route.id}-${at + 1}`, operation: route.id, summary: example.summary },
      method: route.method.toUpperCase() as Uppercase<Method>,
      path: pathOf(route.path, example),
      ...(body ? { body } : {}),
      status: refused ? statusOf(refused.problem) : route.answer.status,
    };
  });
}

function pathOf(path: string, { params = {}, query }: Example): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    return value === undefined ? "{ID}" : encodeURIComponent(value);
  });
  if (!query) return filled;
  const told = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return `${filled}?${new URLSearchParams(told)}`;
}

function bodyOf({ textType = "text/plain" }: Route, { body, text }: Example) {
  if (text !== undefined) return { type: textType, text };
  if (body === undefined) return undefined;
  return { type: "application/json", text: JSON.stringify(body, null, 2) };
}

/** For a shell: BALLAST_URL, BALLAST_TOKEN and, where an id is needed, ID are set. */
export function curlOf({ method, path, body }: RequestExample): string {
  const address = `"$BALLAST_URL/api/v1${path.replace("{ID}", "$ID")}"`;
  const lines = [
    `curl -i -X ${method} ${address}`,
    '-H "Authorization: Bearer $BALLAST_TOKEN"',
    ...(method === "POST" ? ['-H "Idempotency-Key: $(openssl rand -hex 16)"'] : []),
    ...(body ? [`-H "Content-Type: ${body.type}"`, `--data-binary ${quoted(body.text)}`] : []),
  ];
  return lines.join(" \\\n  ");
}

/** A shell takes everything between single quotes as it stands. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** For Node 24 or newer, which runs TypeScript as it is. The same variables as for curl. */
export function typescriptOf({ method, path, body }: RequestExample): string {
  const id = path.includes("{ID}");
  const names = ["BALLAST_URL", "BALLAST_TOKEN", ...(id ? ["ID"] : [])].join(", ");
  const headers = [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template in the example
    "Authorization: `Bearer ${BALLAST_TOKEN}`",
    ...(method === "POST" ? ['"Idempotency-Key": crypto.randomUUID()'] : []),
    ...(body ? [`"Content-Type": "${body.type}"`] : []),
  ];
  return [
    `const { ${names} } = process.env;`,
    `const response: Response = await fetch(\`\${BALLAST_URL}/api/v1${path.replace("{ID}", "$" + "{ID}")}\`, {`,
    `  method: "${method}",`,
    "  headers: {",
    ...headers.map((line) => `    ${line},`),
    "  },",
    ...(body ? [`  body: ${bodyValue(body)},`] : []),
    "});",
    "console.log(response.status, await response.text());",
  ].join("\n");
}

function bodyValue({ type, text }: { type: string; text: string }): string {
  if (type !== "application/json") return JSON.stringify(text);
  return `JSON.stringify(${text.replaceAll("\n", "\n  ")})`;
}
