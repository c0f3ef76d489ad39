import { execute, parse } from "graphql";
import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { BULK_HOST } from "./bulk.ts";
import { rootOf } from "./resolvers.ts";
import { ADMIN_SCHEMA } from "./schema.ts";
import type { BulkFile, ShopifyMoment } from "./state.ts";

/** Makes the files that are due. The catalogue is as it is at that moment. */
export async function makeFiles(moment: ShopifyMoment): Promise<void> {
  for (const file of Object.values(moment.state.bulk)) {
    if (file.lines === null && file.readyAt <= moment.now) await makeFile(moment, file);
  }
}

async function makeFile(moment: ShopifyMoment, file: BulkFile): Promise<void> {
  const rootValue = rootOf(moment);
  const document = parse(file.query);
  const { data } = await execute({ schema: ADMIN_SCHEMA, document, rootValue });
  const roots = Object.values(data ?? {}).flatMap(nodesOf);
  file.objects = roots.length;
  file.lines = roots.flatMap((node) => linesOf(node, null)).join("");
}

const edgesSchema = z.object({
  edges: z.array(z.object({ node: z.record(z.string(), z.unknown()) })),
});

function nodesOf(value: unknown): Record<string, unknown>[] {
  const connection = edgesSchema.safeParse(value);
  return connection.success ? connection.data.edges.map((edge) => edge.node) : [];
}

/** An object's line, and after it those of its connections' objects, which name it. */
function linesOf(node: Record<string, unknown>, parent: string | null): string[] {
  const children: Record<string, unknown>[] = [];
  const own = flat(node, children);
  const line = JSON.stringify({ ...own, ...(parent === null ? {} : { __parentId: parent }) });
  return [`${line}\n`, ...children.flatMap((child) => linesOf(child, String(node.id)))];
}

/** The object without its connections, whose objects are put into `children`. */
function flat(value: object, children: Record<string, unknown>[]): object {
  const kept = Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
    const nodes = nodesOf(field);
    if (nodes.length > 0 || edgesSchema.safeParse(field).success) {
      children.push(...nodes);
      return [];
    }
    const plain = typeof field === "object" && field !== null && !Array.isArray(field);
    return [[name, plain ? flat(field, children) : field]];
  });
  return Object.fromEntries(kept);
}

/** The finished file, or the part of it that is asked for. */
export function bulkFileHandlers(moment: () => ShopifyMoment): RequestHandler[] {
  return [
    http.get(`${BULK_HOST}/:file`, ({ request, params }) => {
      const { state } = moment();
      const lines = state.bulk[String(params.file).replace(".jsonl", "")]?.lines;
      if (!lines) return HttpResponse.text("NoSuchKey", { status: 404 });
      const bytes = Buffer.from(lines);
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "");
      if (!range) return new HttpResponse(new Uint8Array(bytes), { status: 200 });
      const part = bytes.subarray(Number(range[1]), Number(range[2]) + 1);
      if (part.length === 0) return new HttpResponse(null, { status: 416 });
      return new HttpResponse(new Uint8Array(part), { status: 206 });
    }),
  ];
}
