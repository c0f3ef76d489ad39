import { isRole, type Role } from "../inventory/role.ts";
import type { Database, Queryable } from "./client.ts";

/** Somebody of a merchant's team, as pages show him. Never with what opens his account. */
export interface PersonRow {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  /** How he comes in: with a password, from Shopify's admin, or not yet. */
  entry: "password" | "shopify" | "invited";
  disabled: boolean;
  lastSeenAt: Date | null;
}

const FIELDS = {
  ...{ id: true, name: true, email: true, role: true, passwordHash: true },
  ...{ shopifyUser: true, disabledAt: true, lastSeenAt: true },
} as const;

interface Stored {
  id: string;
  name: string;
  email: string | null;
  role: string;
  passwordHash: string | null;
  shopifyUser: string | null;
  disabledAt: Date | null;
  lastSeenAt: Date | null;
}

export function personRow(stored: Stored): PersonRow {
  const { id, name, email, role, passwordHash, shopifyUser, disabledAt, lastSeenAt } = stored;
  const entry = shopifyUser !== null ? "shopify" : passwordHash !== null ? "password" : "invited";
  return { id, name, email, role: roleOf(role), entry, disabled: disabledAt !== null, lastSeenAt };
}

/** A role that this version does not know may only look. */
export function roleOf(stored: string): Role {
  return isRole(stored) ? stored : "read-only";
}

export async function listPeople(db: Queryable, shop: string): Promise<PersonRow[]> {
  const where = { shopId: shop };
  const rows = await db.person.findMany({ where, select: FIELDS, orderBy: { createdAt: "asc" } });
  return rows.map(personRow);
}

/** What everybody of the shop is called, whoever is let in or not. */
export async function namesOfPeople(
  db: Queryable,
  shop: string,
): Promise<{ id: string; name: string; email: string | null }[]> {
  const select = { id: true, name: true, email: true } as const;
  return db.person.findMany({ where: { shopId: shop }, select, orderBy: { createdAt: "asc" } });
}

export async function findPerson(
  db: Queryable,
  shop: string,
  id: string,
): Promise<PersonRow | null> {
  const row = await db.person.findFirst({ where: { shopId: shop, id }, select: FIELDS });
  return row && personRow(row);
}

/** Who logs in with this address, with the hash his password is checked against. */
export async function findAccount(
  db: Queryable,
  shop: string,
  email: string,
): Promise<(PersonRow & { passwordHash: string | null }) | null> {
  const where = { shopId: shop, email: email.toLowerCase() };
  const row = await db.person.findFirst({ where, select: FIELDS });
  return row && { ...personRow(row), passwordHash: row.passwordHash };
}

export interface NewPerson {
  name: string;
  email: string;
  role: Role;
}

/** @returns the new person's id; null when somebody of the shop has that address. */
export async function addPerson(
  db: Queryable,
  shop: string,
  { name, email, role }: NewPerson,
): Promise<string | null> {
  const row = { shopId: shop, name, email: email.toLowerCase(), role };
  const rows = await db.person.createManyAndReturn({
    ...{ data: [row], skipDuplicates: true, select: { id: true } },
  });
  return rows[0]?.id ?? null;
}

export async function passwordHashOf(
  db: Queryable,
  shop: string,
  id: string,
): Promise<string | null> {
  const where = { shopId: shop, id };
  const row = await db.person.findFirst({ where, select: { passwordHash: true } });
  return row?.passwordHash ?? null;
}

export async function setPassword(
  db: Queryable,
  shop: string,
  id: string,
  passwordHash: string,
): Promise<void> {
  await db.person.updateMany({ where: { shopId: shop, id }, data: { passwordHash } });
}

export async function namePerson(
  db: Queryable,
  shop: string,
  id: string,
  name: string,
): Promise<void> {
  await db.person.updateMany({ where: { shopId: shop, id }, data: { name } });
}

/** What an owner may change about somebody. */
export type PersonChange = { role: Role } | { disabled: boolean };

export type PersonChanged =
  /** `was` is what the person was before. */
  | { outcome: "changed"; was: PersonRow }
  | { outcome: "gone" }
  /** Nobody would be left who may let others in. */
  | { outcome: "last-owner" };

/**
 * Changes a person's role, or whether he may come in. Two owners who take each other out at the
 * same moment are one after the other here: the second is told that he is the last one.
 */
export async function changePerson(
  db: Database,
  shop: string,
  id: string,
  change: PersonChange,
  now: Date,
): Promise<PersonChanged> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`select id from shop where id = ${shop} for update`;
    const people = await listPeople(tx, shop);
    const was = people.find((person) => person.id === id);
    if (!was) return { outcome: "gone" };
    const becomes = { ...was, ...change };
    const owners = people.filter((person) => person.id !== id && isActingOwner(person));
    if (isActingOwner(was) && !isActingOwner(becomes) && owners.length === 0) {
      return { outcome: "last-owner" };
    }
    const data =
      "role" in change ? { role: change.role } : { disabledAt: change.disabled ? now : null };
    await tx.person.updateMany({ where: { shopId: shop, id }, data });
    if (becomes.disabled) await shutOutPerson(tx, shop, id);
    return { outcome: "changed", was };
  });
}

/** An owner who has been invited and not come yet could let nobody in. */
export function isActingOwner({ role, disabled, entry }: PersonRow): boolean {
  return role === "owner" && !disabled && entry !== "invited";
}

/** Ends every browser's sign-in and every link of a person. */
async function shutOutPerson(tx: Queryable, shop: string, person: string): Promise<void> {
  const where = { shopId: shop, personId: person };
  await tx.signIn.deleteMany({ where });
  await tx.passwordLink.deleteMany({ where });
}
