import { Prisma } from "./client.ts";

/**
 * What to tell: the plan, less what the marketplace is known to have sold and the plan does not
 * know yet. The generated column `dirty` says the same.
 */
export const TARGET = Prisma.sql`greatest(0, l.planned + least(0, l.sold_since))`;

/**
 * What the marketplace is thought to have: it lowers its number by itself when it sells. Below 0
 * when it sold what it showed too late that it had not.
 */
export const EXPECTED = Prisma.sql`(l.accepted - greatest(0, l.sold_since))`;

/** Shows more than the marketplace is thought to have. Never pushed before counts as raising. */
export const RAISES = Prisma.sql`(${TARGET} > coalesce(${EXPECTED}, 0))`;

/** A listing that shows this many sales or more is deep: nobody is hurt by a moment. */
export const PLENTY = 50;
