import fc from "fast-check";
import type { Json } from "./api-document.ts";

/** Texts that break programs, and some that lead further into this one. */
const TEXTS = [
  ...["", " ", "TEE-BLK-M", "MAIN", "STORE", "oversold", "receive", "adjust", "shopify", "0", "-1"],
  ...["\u0000", "a\u0000b", "\ud800", "\u202e", "\r\n", "%00", "%", "../..", "null", "true", "🧥"],
  ...["' or 1=1 --", "{}", "[]", "1e309", "9".repeat(30), "x".repeat(3_000), "__proto__"],
  ...["https://example.com/x", "https://10.0.0.1/", "2026-11-27T06:00:00Z", "NaN"],
];
const NUMBERS = [0, 1, -1, 2, 1.5, 1e-9, 1e21, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, 999_999_999];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);
const junk: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom<unknown>(...NUMBERS, null, true, false, [], {}, [[]], { a: { b: [] } }),
);

/** A value of the schema's shape; one in eight of its parts is something else. */
export function anyValue(document: Json, schema: Json, depth = 0): fc.Arbitrary<unknown> {
  const shaped = ofShape(document, schema, depth);
  return fc.oneof({ weight: 7, arbitrary: shaped }, { weight: 1, arbitrary: junk });
}

function ofShape(document: Json, schema: Json, depth: number): fc.Arbitrary<unknown> {
  if (depth > 6) return junk;
  if (schema.$ref) return ofShape(document, resolved(document, schema.$ref), depth + 1);
  const some = schema.anyOf ?? schema.oneOf;
  if (some) return fc.oneof(...some.map((one: Json) => ofShape(document, one, depth + 1)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "integer":
    case "number":
      return numbers(schema);
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(anyValue(document, schema.items ?? {}, depth + 1), { maxLength: 4 });
    case "object":
      return objects(document, schema, depth);
    default:
      return text;
  }
}

function numbers({ minimum = -5, maximum = 100 }: Json): fc.Arbitrary<number> {
  const top = Math.min(maximum, minimum + 100);
  return fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: Math.ceil(minimum), max: Math.floor(top) }) },
    { weight: 1, arbitrary: fc.constantFrom(...NUMBERS) },
  );
}

/** With its members, without some of them, and now and then with one that nobody asked for. */
function objects(document: Json, schema: Json, depth: number): fc.Arbitrary<unknown> {
  const names = Object.keys(schema.properties ?? {});
  const shape = Object.fromEntries(
    names.map((name) => [name, anyValue(document, schema.properties[name], depth + 1)]),
  );
  const needed = fc.record(shape, { requiredKeys: schema.required ?? [] });
  const fewer = fc.record(shape, { requiredKeys: [] });
  const more = needed.map((value) => ({ ...value, surprise: 1 }));
  return fc.oneof(
    { weight: 6, arbitrary: needed },
    { weight: 1, arbitrary: fewer },
    { weight: 1, arbitrary: more },
  );
}

function resolved(document: Json, reference: string): Json {
  return reference
    .slice(2)
    .split("/")
    .reduce((at, part) => at[part], document);
}

/** A body: JSON of some value, and now and then no JSON at all. */
export function anyBody(document: Json, schema: Json): fc.Arbitrary<string | Buffer> {
  return fc.oneof(
    { weight: 12, arbitrary: anyValue(document, schema).map((value) => JSON.stringify(value)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<string | Buffer>(
        ...["", "{", "[[[[", '{"a":1}{', "\ufeff{}", "undefined", '"\\ud800"', "-"],
        ...[Buffer.from([0xff, 0xfe, 0x00]), Buffer.from([0x22, 0xc3, 0x28, 0x22])],
      ),
    },
  );
}
