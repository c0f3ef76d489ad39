import { columnKey } from "../order-files/row.ts";
import type { ImportFormat } from "./formats.ts";

/** Which column of a file (from 0) is which of ours, by its key. */
export type Mapping = Readonly<Record<string, number>>;

/** A first guess from the file's header: by our own titles, then by other systems' names. */
export function guessMapping({ columns }: ImportFormat, header: readonly string[]): Mapping {
  const names = header.map(columnKey);
  const taken = new Set<number>();
  const mapping: Record<string, number> = {};
  const take = (key: string, spellings: readonly string[]) => {
    if (mapping[key] !== undefined) return;
    const wanted = spellings.map(columnKey);
    const at = names.findIndex((name, index) => wanted.includes(name) && !taken.has(index));
    if (at < 0) return;
    mapping[key] = at;
    taken.add(at);
  };
  for (const { key, title } of columns) take(key, [title, key]);
  for (const { key, aliases } of columns) take(key, aliases);
  return mapping;
}

/** What has to be chosen before a file can be checked: titles of columns, or a sentence. */
export function missingColumns({ kind, columns }: ImportFormat, mapping: Mapping): string[] {
  const missing = columns.filter(({ key, required }) => required && mapping[key] === undefined);
  const titles = missing.map(({ title }) => title);
  if (kind !== "quantities") return titles;
  const counted = mapping.quantity !== undefined || mapping.change !== undefined;
  return counted ? titles : [...titles, "Quantity or Change"];
}

/** Columns of ours that share a column of the file, which would say two things at once. */
export function sharedColumns({ columns }: ImportFormat, mapping: Mapping): string[] {
  const mapped = columns.filter(({ key }) => mapping[key] !== undefined);
  const byPlace = Map.groupBy(mapped, ({ key }) => mapping[key]);
  return [...byPlace.values()]
    .filter((own) => own.length > 1)
    .flatMap((own) => own.map((one) => one.title));
}
