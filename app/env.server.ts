import { z } from "zod";
import { type AppKeys, readAppKeys } from "../connectors/app-keys.ts";
import type { MailServer } from "../connectors/mail.ts";
import { CONNECTORS } from "../connectors/registry.ts";
import { MAIL_VARIABLES, mailServer } from "../jobs/mail-env.ts";
import { keyring } from "../prisma/sealed.ts";

const flag = z
  .enum(["0", "1"])
  .default("0")
  .transform((value) => value === "1");

const schema = z
  .object({
    NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    REDIS_URL: z.url({ protocol: /^rediss?$/ }),
    /** The queues may live on a Redis of their own. */
    QUEUE_REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
    /** Seals secrets at rest: `id:base64,id:base64`, the first seals. See prisma/sealed.ts. */
    BALLAST_KEYS: z.string().transform(keyringOrIssue),
    /** Where every marketplace answers: the sandboxes. Not set = the real ones. */
    SANDBOX_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** Where merchants and marketplaces reach this process. Not set = its own address. */
    APP_URL: z.url({ protocol: /^https?$/ }).optional(),
    HOST: z.string().default("127.0.0.1"),
    /** Processes that serve the port together; more than the machine has cores help nothing. */
    WEB_PROCESSES: z.coerce.number().int().min(1).max(64).default(1),
    /** Which of them this is, from 1; said by the one that starts them. */
    WEB_PROCESS: z.coerce.number().int().min(1).optional(),
    PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    /** Webhooks may be sent to this machine itself: for tests and demos, never in production. */
    WEBHOOKS_TO_LOOPBACK: flag,
    ...MAIL_VARIABLES,
    LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
    /** Requests one token of the API may make in a minute. A flash sale makes hundreds a second. */
    API_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).max(100_000_000).default(60_000),
    /** Shows one merchant's pages without Shopify: his people log in. */
    STANDALONE: flag,
    /** Shows them to everyone who can reach the port, without a password. */
    BALLAST_DEMO: flag,
    /** So many proxies stand before us. Without it theirs is every visitor's address. */
    TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
    /** Whose pages a stand-alone app shows: the shop's domain. */
    STANDALONE_SHOP: z.string().default("demo.myshopify.com"),
    SHOPIFY_API_KEY: z.string().min(1).optional(),
    SHOPIFY_API_SECRET: z.string().min(1).optional(),
    /** The secret before a rotation: Shopify may sign with it for an hour more. */
    SHOPIFY_API_SECRET_BEFORE: z.string().min(1).optional(),
    SHOPIFY_APP_URL: z.url().optional(),
  })
  .superRefine((env, context) => {
    const fail = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (env.STANDALONE) return;
    for (const name of ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "SHOPIFY_APP_URL"] as const) {
      if (!env[name]) fail(name, "is needed unless STANDALONE=1");
    }
  });

function keyringOrIssue(text: string, context: z.RefinementCtx) {
  try {
    return keyring(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
}

export type Env = z.infer<typeof schema> & {
  /** How mail leaves; null = it does not. */
  mail: MailServer | null;
  /** Our own app's keys at the marketplaces: <CHANNEL>_<KEY>. */
  appKeys: AppKeys;
};

/**
 * The web process' configuration, read once at boot.
 * @throws one error that names every variable that is missing or wrong, and never its value.
 */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
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
