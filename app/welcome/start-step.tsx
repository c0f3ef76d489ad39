import { List } from "@shopify/polaris";
import { StepCard } from "./step-card.tsx";
import { PROMISES } from "./welcome-texts.ts";

/** What Ballast will do, in plain words. */
export function StartStep() {
  return (
    <StepCard step="start">
      <List type="number">
        {PROMISES.map((promise) => (
          <List.Item key={promise}>{promise}</List.Item>
        ))}
      </List>
    </StepCard>
  );
}
