import { FormLayout, TextField } from "@shopify/polaris";
import { useState } from "react";
import { PASSWORD_LENGTH } from "./login-texts.ts";
import { PASSWORD_FIELDS_WORDS } from "./part-texts.ts";

const HELP = `At least ${PASSWORD_LENGTH.min} characters. A few words are good.`;

/** A new password, twice. */
export function PasswordFields({ errors }: { errors: Record<string, string> }) {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  return (
    <FormLayout>
      <TextField
        label="New password"
        name="password"
        type="password"
        value={password}
        onChange={setPassword}
        error={errors.password}
        helpText={errors.password ? undefined : HELP}
        autoComplete="new-password"
      />
      <TextField
        label={PASSWORD_FIELDS_WORDS.theSameAgain}
        name="again"
        type="password"
        value={again}
        onChange={setAgain}
        error={errors.again}
        autoComplete="new-password"
      />
    </FormLayout>
  );
}
