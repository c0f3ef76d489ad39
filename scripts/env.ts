import { resolve } from "node:path";
import { z } from "zod";

const base = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Whose data a script works on: the shop's domain. */
  STANDALONE_SHOP: z.string().default("demo.myshopify.com"),
  /** Where npm was called: file names on the command line are meant from there. */
  INIT_CWD: z.string().default(process.cwd()),
});

const keys = z.object({
  DATABASE_URL: base.shape.DATABASE_URL,
  /** Seals what is at rest: see prisma/sealed.ts. */
  BALLAST_KEYS: z.string().min(1),
});

const everything = base.extend({
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  APP_URL: z.url(),
  SANDBOX_URL: z.url(),
  /** API token of the shop. */
  BALLAST_TOKEN: z.string().min(1),
  /** Opens the shop's marketplace credentials: see prisma/sealed.ts. */
  BALLAST_KEYS: z.string().min(1),
});

/** What a script needs that works on the database alone. */
export type DatabaseEnv = z.infer<typeof base>;
/** What a script needs that acts as a merchant of a running Ballast. */
export type ScriptEnv = z.infer<typeof everything>;

/** @throws an error that names every variable that is missing or wrong, and never its value. */
export function readDatabaseEnv(variables: NodeJS.ProcessEnv = process.env): DatabaseEnv {
  return parsed(base, variables);
}

/** @throws an error that names every variable that is missing or wrong, and never its value. */
export function readKeysEnv(variables: NodeJS.ProcessEnv = process.env): z.infer<typeof keys> {
  return parsed(keys, variables);
}

/** @throws an error that names every variable that is missing or wrong, and never its value. */
export function readScriptEnv(variables: NodeJS.ProcessEnv = process.env): ScriptEnv {
  return parsed(everything, variables);
}

function parsed<S extends z.ZodType>(schema: S, variables: NodeJS.ProcessEnv): z.infer<S> {
  const found = schema.safeParse(variables);
  if (found.success) return found.data;
  const lines = found.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`run this through npm, which sets it up. Missing:\n${lines.join("\n")}`);
}

/** A file named on the command line, as an absolute path. */
export function fileOf(name: string, env: Pick<DatabaseEnv, "INIT_CWD">): string {
  return resolve(env.INIT_CWD, name);
}
