import { defineConfig } from "prisma/config";
import { migrationAdapter } from "./prisma/migration-adapter";

// Without a value Prisma cannot read the schema's datasource, takes the query engine for a native
// one and tries to download it. `generate` opens no connection.
process.env.DATABASE_URL ??= "postgresql://localhost:5432/ballast";

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  engine: "js",
  experimental: { adapter: true },
  adapter: async () => migrationAdapter(String(process.env.DATABASE_URL)),
});
