import type { z } from "zod";

/** Each field that is wrong with its sentence; null when what is wrong is no field of the form. */
export function fieldErrors<Field extends string>(
  { issues }: z.ZodError,
  sentences: Readonly<Record<Field, string>>,
): Partial<Record<Field, string>> | null {
  const isField = (name: string): name is Field => Object.hasOwn(sentences, name);
  const errors: Partial<Record<Field, string>> = {};
  for (const { path } of issues) {
    const name = String(path[0]);
    if (!isField(name)) return null;
    errors[name] = sentences[name];
  }
  return errors;
}
