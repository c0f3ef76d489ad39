import { defineConfig } from "vitest/config";

/**
 * Rules run by themselves; everything else runs on one PostgreSQL (a database per file) and on a
 * Redis per file, all started here and stopped afterwards. See test/support.
 */
export default defineConfig({
  test: {
    environment: "node",
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/setup.ts"],
    include: ["test/**/*.test.{ts,tsx}"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
