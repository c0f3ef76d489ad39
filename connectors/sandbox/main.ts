import { z } from "zod";
import { lagSchema } from "./control.ts";
import { startSandboxes } from "./server.ts";

const environment = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(4_010),
  /** Where the product's webhook doors are, e.g. http://127.0.0.1:3000. */
  DOOR_URL: z.url().optional(),
  /** A file that keeps the marketplaces over a restart. */
  SANDBOX_STATE: z.string().optional(),
  SANDBOX_SEED: z.coerce.number().int().default(1),
  /** default (0.3-0.8 s), realistic (minutes), none, or a range in ms: 300-800. */
  SANDBOX_LAG: lagSchema.default("default"),
});

/** The process of the sandbox marketplaces: starts, says where, stops on SIGTERM or Ctrl-C. */
async function main(): Promise<void> {
  const env = environment.parse(process.env);
  const server = await startSandboxes({
    port: env.SANDBOX_PORT,
    doorUrl: env.DOOR_URL ?? null,
    stateFile: env.SANDBOX_STATE ?? null,
    seed: env.SANDBOX_SEED,
    lag: env.SANDBOX_LAG,
  });
  console.log(`sandbox listening on ${server.url}`);
  const stop = () => void server.stop();
  process.once("SIGTERM", stop).once("SIGINT", stop);
}

await main();
