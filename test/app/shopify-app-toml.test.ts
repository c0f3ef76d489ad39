import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { APP_TOPICS } from "../../app/doors/app-webhooks.ts";
import { SCOPES } from "../../connectors/shopify/consent.ts";
import { ROOT } from "../../scripts/services/paths.ts";

const toml = readFileSync(join(ROOT, "shopify.app.toml"), "utf8");

/** What stands in quotes in every list of this name. */
const listed = (name: string) =>
  [...toml.matchAll(new RegExp(`^\\s*${name} = \\[([^\\]]*)\\]`, "gm"))].flatMap(([, list = ""]) =>
    [...list.matchAll(/"([^"]+)"/g)].map(([, one = ""]) => one),
  );

describe("G: what Shopify knows of the app is what the app does", () => {
  test("it asks for the scopes the connector needs, and no more", () => {
    expect(/^scopes = "([^"]*)"/m.exec(toml)?.[1]?.split(",").sort()).toEqual([...SCOPES].sort());
  });

  test("it hears of exactly what its door answers, the privacy law's topics among it", () => {
    const heard = [...listed("topics"), ...listed("compliance_topics")];
    expect(heard.sort()).toEqual([...APP_TOPICS].sort());
    const doors = [...toml.matchAll(/^\s*uri = "([^"]+)"/gm)].map(([, uri]) => uri);
    expect(new Set(doors)).toEqual(new Set(["/webhooks/app"]));
  });

  test("it is embedded, speaks the API's version of the library, and names who handles what", () => {
    expect(toml).toMatch(/^embedded = true$/m);
    expect(/^api_version = "([^"]+)"/m.exec(toml)?.[1]).toBe("2026-10");
    const named = toml.match(/\b(app|connectors|extensions)\/[\w./-]+\.ts\b/g) ?? [];
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});
