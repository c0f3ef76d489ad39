import { List } from "@shopify/polaris";
import { PROMISES } from "../../welcome-texts.ts";
import { StepCard } from "./step-card.tsx";

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
