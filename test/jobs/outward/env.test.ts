import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { readWorkerEnv } from "../../../jobs/env.ts";

const complete = {
  DATABASE_URL: "postgresql://postgres@127.0.0.1/ballast",
  REDIS_URL: "redis://127.0.0.1:6379",
  BALLAST_KEYS: `first:${randomBytes(32).toString("base64")}`,
};

test("the worker starts on three variables and treats empty ones as not set", () => {
  const env = readWorkerEnv({ ...complete, SANDBOX_URL: "", WORKER_METRICS_PORT: "" });
  expect(env.SANDBOX_URL).toBeUndefined();
  expect(env.WORKER_METRICS_PORT).toBeUndefined();
  expect(env.BALLAST_KEYS.keys).toHaveLength(1);
});

test("a missing variable stops the boot with its name, and a wrong one never shows its value", () => {
  const wrong = { ...complete, REDIS_URL: undefined, BALLAST_KEYS: "first:c2VjcmV0" };
  expect(() => readWorkerEnv(wrong)).toThrow(/REDIS_URL[\s\S]*BALLAST_KEYS: .*not 32 bytes/);
  expect(() => readWorkerEnv(wrong)).not.toThrow(/c2VjcmV0/);
});
