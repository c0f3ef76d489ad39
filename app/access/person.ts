import { personActor } from "../../inventory/actor.ts";
import { may, type Permission, type Role } from "../../inventory/role.ts";
import type { ShopRow } from "../../prisma/shops.ts";

/** Somebody of a merchant's team who is signed in. */
export interface Person {
  id: string;
  name: string;
  role: Role;
  /** How he came in: only who has a password can change it, or sign out. */
  entry: "password" | "shopify" | "demo";
  can(permission: Permission): boolean;
}

/** The shop whose pages are asked for, and who asks. */
export interface Merchant extends ShopRow {
  person: Person;
}

export function personOf(who: Omit<Person, "can">): Person {
  const { id, name, role, entry } = who;
  return { id, name, role, entry, can: (permission) => may(role, permission) };
}

/** How the record names a person who moved stock. */
export function actorOf({ person }: Pick<Merchant, "person">): string {
  return personActor(person.id);
}
