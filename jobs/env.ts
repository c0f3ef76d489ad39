import { z } from "zod";
import { type AppKeys, readAppKeys } from "../connectors/app-keys.ts";
import type { MailServer } from "../connectors/mail.ts";
import { CONNECTORS } from "../connectors/registry.ts";
import { keyring } from "../prisma/sealed.ts";
import { MAIL_VARIABLES, mailServer } from "./mail-env.ts";

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** The queues may live on a Redis of their own. */
  QUEUE_REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Opens what is sealed at rest: `id:base64,id:base64`. See prisma/sealed.ts. */
  BALLAST_KEYS: z.string().transform(keyringOrIssue),
  /** Where every marketplace answers: the sandboxes. Not set = the real ones. */
  SANDBOX_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where marketplaces reach the app's doors. Not set = nobody is asked to send there. */
  APP_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Webhooks may be sent to this machine itself: for tests and demos, never in production. */
  WEBHOOKS_TO_LOOPBACK: z
    .enum(["0", "1"])
    .default("0")
    .transform((value) => value === "1"),
  ...MAIL_VARIABLES,
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  /** Prometheus reads the worker's own numbers here. Not set = nothing listens. */
  WORKER_METRICS_PORT: port.optional(),
  WORKER_METRICS_HOST: z.string().default("127.0.0.1"),
  /** Pools of PostgreSQL connections are this large. */
  WORKER_DATABASE_POOL: z.coerce.number().int().min(2).max(100).default(20),
});

function keyringOrIssue(text: string, context: z.RefinementCtx) {
  try {
    return keyring(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
}

export type WorkerEnv = z.infer<typeof schema> & {
  /** How mail leaves; null = it does not. */
  mail: MailServer | null;
  /** Our own app's keys at the marketplaces: <CHANNEL>_<KEY>. */
  appKeys: AppKeys;
};

/**
 * The worker's configuration, read once at boot.
 * @throws one error that names every variable that is missing or wrong, and never its value.
 */
export function readWorkerEnv(
  variables: Record<string, string | undefined> = process.env,
): WorkerEnv {
  // An empty variable is how a shell or a compose file says "not set".
  const present = Object.entries(variables).filter(([, value]) => value !== "");
  const set = Object.fromEntries(present);
  const parsed = schema.safeParse(set);
  if (parsed.success) {
    return {
      ...parsed.data,
      mail: mailServer(parsed.data),
      appKeys: readAppKeys(Object.values(CONNECTORS), set),
    };
  }
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`the environment is not complete:\n${lines.join("\n")}`);
}
