import { Select, TextField } from "@shopify/polaris";
import type { Question } from "../../connectors/consent.ts";

interface Props {
  question: Question;
  value: string;
  error: string | undefined;
  onChange(value: string): void;
}

/** Something a marketplace's consent has to know before the merchant goes there. */
export function ConsentQuestion({ question, value, error, onChange }: Props) {
  const { name, label, help, example, choices } = question;
  if (choices) {
    return (
      <Select
        name={name}
        label={label}
        helpText={help}
        options={choices.map((choice) => ({ ...choice }))}
        value={value}
        error={error}
        onChange={onChange}
      />
    );
  }
  return (
    <TextField
      name={name}
      label={label}
      helpText={help}
      placeholder={example}
      value={value}
      error={error}
      onChange={onChange}
      autoComplete="off"
    />
  );
}
