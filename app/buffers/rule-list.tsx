import { Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { type BufferRule, DEFAULT_POLICIES } from "../../inventory/buffer.ts";
import { useCan } from "../access/use-person.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { DataTable } from "../components/data-table.tsx";
import { type PageEnds, Pager } from "../components/pager.tsx";
import { policyText } from "../texts.ts";
import { useFormat } from "../use-format.ts";
import { RULE_LIST_WORDS } from "./part-texts.ts";
import { ruleScopeText } from "./rule-scope-text.ts";

interface Props {
  /** Those for categories and channels, and a page of those that name an item. */
  rules: BufferRule[];
  ends: PageEnds;
  skus: Record<string, string>;
  columns: { channel: string; title: string }[];
  onEdit(rule: BufferRule): void;
  onRemove(rule: string): void;
}

const ACTIONS = {
  key: "actions",
  title: <span className="visually-hidden">Actions</span>,
  label: " ",
};

/** The merchant's rules, and what holds where none of them does. */
export function RuleList({ rules, ends, skus, columns, onEdit, onRemove }: Props) {
  const format = useFormat();
  const title = channelTitle(columns);
  const changes = useCan()("buffers.change");
  const scope = (rule: BufferRule) => ruleScopeText(rule, skus[rule.item ?? ""], title);
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          Rules
        </Text>
        {rules.length === 0 ? (
          <Text as="p" tone="subdued">
            {RULE_LIST_WORDS.noRuleOfYour}
          </Text>
        ) : null}
      </Box>
      <DataTable
        caption="Buffer rules"
        columns={[
          { key: "scope", title: "For" },
          { key: "policy", title: "Rule" },
          ...(changes ? [ACTIONS] : []),
        ]}
        rows={[
          ...rules.map((rule) => ({
            key: rule.id,
            cells: [
              scope(rule),
              policyText(rule, format),
              <RuleActions
                key="actions"
                scope={scope(rule)}
                onEdit={() => onEdit(rule)}
                onRemove={() => onRemove(rule.id)}
              />,
            ],
          })),
          ...defaults(rules, columns).map(({ channel, policy }) => ({
            key: `default-${channel}`,
            cells: [title(channel), policyText(policy, format), <Default key="default" />],
          })),
        ]}
      />
      <Pager label={RULE_LIST_WORDS.pagesOfRules} ends={ends} />
    </Card>
  );
}

interface ActionProps {
  scope: string;
  onEdit(): void;
  onRemove(): void;
}

function RuleActions({ scope, onEdit, onRemove }: ActionProps) {
  return (
    <InlineStack gap="200" align="end" wrap={false}>
      <Button
        size="slim"
        onClick={onEdit}
        accessibilityLabel={RULE_LIST_WORDS.changeTheRuleFor(scope)}
      >
        Change
      </Button>
      <Button
        size="slim"
        tone="critical"
        onClick={onRemove}
        accessibilityLabel={RULE_LIST_WORDS.removeTheRuleFor(scope)}
      >
        Remove
      </Button>
    </InlineStack>
  );
}

function Default() {
  return (
    <Text as="span" tone="subdued">
      default
    </Text>
  );
}

/** Defaults of channels that have no rule of their own, for the whole channel. */
function defaults(rules: BufferRule[], columns: Props["columns"]) {
  const ruled = (channel: string) =>
    rules.some(
      (rule) =>
        rule.category === undefined &&
        rule.item === undefined &&
        (rule.channel === undefined || rule.channel === channel),
    );
  return [...new Set(columns.map(({ channel }) => channel))].flatMap((channel) => {
    const policy = DEFAULT_POLICIES[channel];
    return policy && !ruled(channel) ? [{ channel, policy }] : [];
  });
}
