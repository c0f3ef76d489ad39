import { expect, test } from "vitest";
import { readEnv } from "../../app/env.server.ts";

const KEYS = `k1:${Buffer.alloc(32).toString("base64")}`;
const STANDALONE = {
  DATABASE_URL: "postgresql://localhost/ballast",
  REDIS_URL: "redis://localhost",
  BALLAST_KEYS: KEYS,
  STANDALONE: "1",
};

test("a stand-alone app needs no Shopify, and listens on loopback", () => {
  expect(readEnv(STANDALONE)).toMatchObject({ STANDALONE: true, HOST: "127.0.0.1", PORT: 3000 });
});

test("everything that is missing is named at once", () => {
  const read = () => readEnv({ PORT: "no", BALLAST_KEYS: "" });
  expect(read).toThrow(/DATABASE_URL[\s\S]*REDIS_URL[\s\S]*BALLAST_KEYS[\s\S]*PORT/);
});

test("an embedded app cannot start without its Shopify credentials", () => {
  const read = () => readEnv({ ...STANDALONE, STANDALONE: "0" });
  expect(read).toThrow(/SHOPIFY_API_KEY[\s\S]*SHOPIFY_API_SECRET[\s\S]*SHOPIFY_APP_URL/);
});

test("G: a stand-alone app asks for a password unless it is said to be a demo", () => {
  const production = { ...STANDALONE, NODE_ENV: "production" };
  expect(readEnv(production)).toMatchObject({ STANDALONE: true, BALLAST_DEMO: false });
  expect(readEnv({ ...production, BALLAST_DEMO: "1" }).BALLAST_DEMO).toBe(true);
});

test("a wrong value is named and not repeated, for it may be a secret", () => {
  const read = () => readEnv({ ...STANDALONE, BALLAST_KEYS: "k1:c2hvcnQ=" });
  expect(read).toThrow(/BALLAST_KEYS/);
  expect(read).not.toThrow(/c2hvcnQ=/);
});
