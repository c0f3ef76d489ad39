import { Link } from "@remix-run/react";
import { Icon } from "@shopify/polaris";
import { CheckCircleIcon } from "@shopify/polaris-icons";
import { isDone, WELCOME_STEPS, type WelcomeFacts, type WelcomeStep } from "./welcome-steps.ts";
import { STEP_TEXTS } from "./welcome-texts.ts";

interface Props {
  facts: WelcomeFacts;
  current: WelcomeStep;
  shown: WelcomeStep;
}

/** Where the merchant is. What is behind him can be looked at again; what is ahead cannot yet. */
export function StepList({ facts, current, shown }: Props) {
  const reached = WELCOME_STEPS.indexOf(current);
  return (
    <nav className="steps" aria-label="Steps">
      <ol>
        {WELCOME_STEPS.map((step, at) => {
          const done = isDone(step, facts);
          const name = (
            <>
              <span className="step-mark" aria-hidden>
                {done ? <Icon source={CheckCircleIcon} tone="success" /> : at + 1}
              </span>
              {STEP_TEXTS[step].name}
              {done ? <span className="visually-hidden">, done</span> : null}
            </>
          );
          return (
            <li key={step}>
              {at <= reached ? (
                <Link
                  className="step"
                  to={`/app/welcome?step=${step}`}
                  aria-current={step === shown ? "step" : undefined}
                >
                  {name}
                </Link>
              ) : (
                <span className="step" aria-current={step === shown ? "step" : undefined}>
                  {name}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
