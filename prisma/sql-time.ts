import { Prisma } from "./client.ts";

export const MS = Prisma.sql`interval '1 millisecond'`;

/** A time in ms as the database has it, whatever time zone its sessions are in. */
export function at(ms: number): Prisma.Sql {
  return Prisma.sql`(timestamptz 'epoch' + ${ms}::float8 * ${MS})`;
}

/** Ms in a column of the answer as a time; null stays null. */
export function time(ms: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(timestamptz 'epoch' + (${ms}) * ${MS})`;
}

/** A column's time in ms; null stays null. */
export function millisOf(column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(extract(epoch from ${column}) * 1000)::float8`;
}
