import {
  type BufferRule,
  type BufferScope,
  defaultPolicy,
  type RuleInForce,
  type RuleLevel,
} from "./buffer.ts";

/**
 * A shop's buffer rules, found by what they apply to: a merchant may have one for every SKU. The
 * most specific rule wins: SKU before category before channel before shop; within a level, one that
 * names the channel before one that does not. Two of the same scope: the smaller id, so that the
 * answer never depends on the order of reading them.
 */
export class RuleBook {
  readonly #rules = new Map<string, BufferRule>();

  constructor(rules: readonly BufferRule[]) {
    for (const rule of rules) {
      const key = keyOf(rule);
      const known = this.#rules.get(key);
      if (!known || rule.id < known.id) this.#rules.set(key, rule);
    }
  }

  /** Every rule that applies, the one that wins in front. Empty: the channel's default holds. */
  chain({ channel, category, item }: BufferScope): BufferRule[] {
    const found: BufferRule[] = [];
    for (const ofItem of [item, undefined]) {
      for (const ofCategory of category === null ? [undefined] : [category, undefined]) {
        for (const ofChannel of [channel, undefined]) {
          const rule = this.#rules.get(
            keyOf({ channel: ofChannel, category: ofCategory, item: ofItem }),
          );
          if (rule) found.push(rule);
        }
      }
    }
    return found;
  }

  inForce(scope: BufferScope): RuleInForce {
    const [best] = this.chain(scope);
    if (!best) return { ...defaultPolicy(scope.channel), rule: null, level: "default" };
    const { id, channel: _, category: __, item: ___, ...policy } = best;
    return { ...policy, rule: id, level: levelOf(best) };
  }
}

/** The rule that decides of a few. For many scopes keep a book. */
export function ruleInForce(rules: readonly BufferRule[], scope: BufferScope): RuleInForce {
  return new RuleBook(rules).inForce(scope);
}

export function levelOf(rule: Pick<BufferRule, "channel" | "category" | "item">): RuleLevel {
  if (rule.item !== undefined) return "sku";
  if (rule.category !== undefined) return "category";
  return rule.channel === undefined ? "shop" : "channel";
}

function keyOf({
  channel,
  category,
  item,
}: Pick<BufferRule, "channel" | "category" | "item">): string {
  return JSON.stringify([channel ?? null, category ?? null, item ?? null]);
}
