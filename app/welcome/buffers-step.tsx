import { useFetcher } from "@remix-run/react";
import { Badge, BlockStack, Button, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useOnward } from "../components/use-onward.ts";
import { BUFFERS_STEP_WORDS } from "./part-texts.ts";
import { StepCard } from "./step-card.tsx";
import type { ChannelBuffer } from "./welcome.server.ts";
import type { WelcomeResult } from "./welcome-actions.server.ts";
import { bufferWhy, LEVEL_TEXTS } from "./welcome-texts.ts";

/** The buffer each channel starts with, why, and what the merchant makes of it. */
export function BuffersStep({ buffers }: { buffers: ChannelBuffer[] }) {
  const fetcher = useFetcher<WelcomeResult>();
  const result = fetcher.data;
  const saved = result?.outcome === "buffers";
  useOnward(fetcher, saved ? "/app/welcome?step=dry-run" : undefined);
  const errors = result?.outcome === "buffers-invalid" ? result.errors : {};
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="buffers" />
      <StepCard
        step="buffers"
        onward={
          <InlineStack gap="300" blockAlign="center">
            <Button submit variant="primary" loading={fetcher.state !== "idle"}>
              {BUFFERS_STEP_WORDS.useTheseBuffers}
            </Button>
            <Text as="span" tone="subdued">
              {BUFFERS_STEP_WORDS.finerRulesByCategory}
            </Text>
          </InlineStack>
        }
      >
        <ul className="choices">
          {buffers.map((buffer) => (
            <li key={buffer.channel}>
              <ChannelFields buffer={buffer} error={errors[buffer.channel]} />
            </li>
          ))}
        </ul>
      </StepCard>
    </fetcher.Form>
  );
}

function ChannelFields({ buffer, error }: { buffer: ChannelBuffer; error: string | undefined }) {
  const { channel, title, policy } = buffer;
  const [kind, setKind] = useState<string>(policy.buffer.kind);
  const [value, setValue] = useState(amountOf(policy.buffer));
  const percent = kind === "percent";
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" blockAlign="center">
        <Text as="h3" variant="headingMd">
          {title}
        </Text>
        <Badge>{LEVEL_TEXTS[policy.level]}</Badge>
      </InlineStack>
      <Text as="p" tone="subdued">
        {bufferWhy(channel)}
      </Text>
      <input type="hidden" name="channel" value={channel} />
      <InlineStack gap="300" blockAlign="start">
        <Select
          label={BUFFERS_STEP_WORDS.whatIsShown(title)}
          labelHidden
          name="kind"
          options={[
            { value: "percent", label: "Shows a percentage" },
            { value: "fixed", label: "Holds back units" },
            { value: "allocated", label: "Only stock set aside for it" },
          ]}
          value={kind}
          onChange={(to) => {
            setKind(to);
            setValue(to === "percent" ? "90" : "1");
          }}
        />
        {kind === "allocated" ? (
          <input type="hidden" name="value" value="0" />
        ) : (
          <div className="units">
            <TextField
              label={
                percent
                  ? BUFFERS_STEP_WORDS.percentShownOn(title)
                  : BUFFERS_STEP_WORDS.unitsHeldBackFrom(title)
              }
              labelHidden
              name="value"
              inputMode="decimal"
              suffix={percent ? "%" : "units"}
              value={value}
              onChange={setValue}
              error={error}
              autoComplete="off"
            />
          </div>
        )}
      </InlineStack>
    </BlockStack>
  );
}

function amountOf(buffer: ChannelBuffer["policy"]["buffer"]): string {
  switch (buffer.kind) {
    case "percent":
      return String(buffer.show);
    case "fixed":
      return String(buffer.units);
    case "allocated":
      return "0";
  }
}
