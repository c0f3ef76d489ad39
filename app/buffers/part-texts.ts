/* What the parts of these pages say. */

export const POLICY_FIELDS_WORDS = {
  unitsHeldBack: "Units held back",
  holdBackAtLeast: "Hold back at least (optional)",
  neverShowMoreThan: "Never show more than (optional)",
  showTheLastUnit: "Show the last unit although rounding hides it",
} as const;

export const RULE_LIST_WORDS = {
  noRuleOfYour: "No rule of your own yet: Ballast’s defaults hold.",
  pagesOfRules: "Pages of rules",
  changeTheRuleFor: (scope: string) => `Change the rule for ${scope}`,
  removeTheRuleFor: (scope: string) => `Remove the rule for ${scope}`,
} as const;

export const WHY_RULE_CARD_WORDS = {
  whichRuleWins: "Which rule wins?",
  skuToLookAt: "SKU to look at",
  noItemHasThe: (sku: string) => `No item has the SKU ${sku}.`,
  noListingSellsIt: "No listing sells it. ",
  rulesForOnThe: (sku: string, name: string) =>
    `Rules for ${sku} on ${name}, the one that wins first`,
} as const;
