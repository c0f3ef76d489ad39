import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect } from "vitest";
import type { Reply } from "./world.ts";

// biome-ignore lint/suspicious/noExplicitAny: a document is read as it came
export type Json = any;

export interface Operation {
  path: string;
  method: string;
  spec: Json;
}

/** The API's own document, as a stranger reads it, and what it says of answers. */
export class ApiDocument {
  readonly document: Json;
  readonly #ajv: Ajv2020;

  constructor(document: Json) {
    this.document = document;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, "api");
  }

  static async read(url: string): Promise<ApiDocument> {
    const response = await fetch(`${url}/api/v1/openapi.json`);
    expect(response.headers.get("Content-Type")).toContain("application/openapi+json");
    return new ApiDocument(await response.json());
  }

  operations(): Operation[] {
    return Object.entries<Json>(this.document.paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(([method, spec]) => ({ path, method, spec })),
    );
  }

  /** The schema with its references within reach. */
  compile(schema: Json) {
    return this.#ajv.compile({ ...schema, components: this.document.components });
  }

  /** Fails unless the answer is one that the document promises. */
  check({ path, method, spec }: Operation, reply: Reply, why = ""): void {
    const answer = spec.responses[reply.status];
    const type = reply.headers.get("Content-Type")?.split(";")[0] ?? "";
    const said = `${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)} ${why}`;
    expect(answer, said).toBeDefined();
    if (!answer.content) {
      expect(reply.body).toBe("");
      return;
    }
    expect(Object.keys(answer.content), said).toContain(type);
    const at = ["paths", path, method, "responses", reply.status, "content", type, "schema"];
    const pointer = at.map((part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1"));
    const check = this.#ajv.getSchema(`api#/${pointer.map(encodeURIComponent).join("/")}`);
    expect(check, "the document has a schema for it").toBeTypeOf("function");
    check?.(reply.body);
    expect(check?.errors ?? [], said).toEqual([]);
  }
}
