import type { BufferRule } from "../../inventory/buffer.ts";
import { listRules, saveRule } from "../../prisma/buffers.ts";
import { parseRule } from "../buffers/rule-form.ts";
import type { Services } from "../services.ts";

export type ChosenBuffers =
  | { outcome: "buffers" }
  /** By channel, each with its sentence. */
  | { outcome: "buffers-invalid"; errors: Record<string, string> };

/**
 * Keeps what a merchant chose for each channel as rules of his own, the defaults he left alone too:
 * what he has seen is what he gets, and a rule says so on every listing it explains.
 */
export async function chooseBuffers(
  { db, queues }: Pick<Services, "db" | "queues">,
  shop: string,
  form: FormData,
): Promise<ChosenBuffers> {
  const kinds = form.getAll("kind").map(String);
  const values = form.getAll("value").map(String);
  const rows = form.getAll("channel").map((channel, at) => ({
    channel: String(channel),
    parsed: parseRule({
      ...{ channel: String(channel), level: "channel", category: "", sku: "" },
      ...{ kind: kinds[at] ?? "", value: values[at] ?? "", floor: "", cap: "", showLastUnit: "" },
    }),
  }));
  const errors = rows.flatMap(({ channel, parsed }) =>
    parsed.outcome === "invalid" ? [[channel, parsed.errors.value ?? "Choose again."]] : [],
  );
  if (errors.length > 0) {
    return { outcome: "buffers-invalid", errors: Object.fromEntries(errors) };
  }
  const known = await listRules(db, shop);
  for (const { channel, parsed } of rows) {
    if (parsed.outcome === "invalid") continue;
    await saveRule(db, shop, { ...kept(known, channel), channel, buffer: parsed.rule.buffer });
  }
  await queues.enqueue("listings.replan", { shop });
  return { outcome: "buffers" };
}

/** A rule that is there keeps the limits around its buffer. */
function kept(rules: readonly BufferRule[], channel: string): Partial<BufferRule> {
  const own = rules.find(
    (rule) => rule.channel === channel && rule.category === undefined && rule.item === undefined,
  );
  const { floor, cap, showLastUnit } = own ?? {};
  return {
    ...(floor === undefined ? {} : { floor }),
    ...(cap === undefined ? {} : { cap }),
    ...(showLastUnit === undefined ? {} : { showLastUnit }),
  };
}
