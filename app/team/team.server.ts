import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import { ROLES, type Role } from "../../inventory/role.ts";
import { createPasswordLink } from "../../prisma/password-links.ts";
import {
  addPerson,
  changePerson,
  findPerson,
  listPeople,
  type PersonChange,
  type PersonRow,
} from "../../prisma/people.ts";
import { joiningRoleOf, setJoiningRole } from "../../prisma/shops.ts";
import type { Merchant } from "../access/person.ts";
import type {} from "../context.ts";
import type { Services } from "../services.ts";
import { joinUrl } from "./join-url.ts";
import { TEAM_TEXTS } from "./team-texts.ts";

export interface Team {
  people: PersonRow[];
  joining: Role;
}

export async function readTeam({ services }: AppLoadContext, shop: string): Promise<Team> {
  const [people, joining] = await Promise.all([
    listPeople(services.db, shop),
    joiningRoleOf(services.db, shop),
  ]);
  return { people, joining };
}

/** What became of an owner's decision about his team. */
export type TeamResult =
  /** The link is shown this once. `again`: he had been in the team before. */
  | { outcome: "link"; link: string; name: string; again: boolean }
  | { outcome: "changed"; name: string; what: "role" | "disabled" | "enabled"; role: Role }
  | { outcome: "joining"; role: Role }
  /** By field of the form of invitation, each with its sentence. */
  | { outcome: "invalid"; errors: Record<string, string> }
  | { outcome: "refused"; why: string };

const id = z.string().min(1).max(40);
const role = z.enum(ROLES, TEAM_TEXTS.role);
const decision = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("invite"),
    name: z.string().trim().min(1, TEAM_TEXTS.name).max(80, TEAM_TEXTS.name),
    email: z
      .string()
      .trim()
      .toLowerCase()
      .max(254, TEAM_TEXTS.email)
      .pipe(z.email(TEAM_TEXTS.email)),
    role,
  }),
  z.object({ intent: z.literal("role"), person: id, role }),
  z.object({ intent: z.enum(["disable", "enable", "link"]), person: id }),
  z.object({ intent: z.literal("joining"), role }),
]);

/** Does with the team what its page's forms say. */
export async function changeTeam(
  { services, gate }: AppLoadContext,
  shop: Merchant,
  form: FormData,
): Promise<TeamResult> {
  const parsed = decision.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => [String(path[0]), message]);
    return { outcome: "invalid", errors: Object.fromEntries(errors) };
  }
  const { data } = parsed;
  switch (data.intent) {
    case "invite":
      return gate.login ? invite(services, shop, data) : refused(TEAM_TEXTS.fromShopify);
    case "link":
      return gate.login ? newLink(services, shop, data.person) : refused(TEAM_TEXTS.fromShopify);
    case "role":
      return change(services, shop, data.person, { role: data.role });
    case "disable":
    case "enable":
      return change(services, shop, data.person, { disabled: data.intent === "disable" });
    case "joining":
      await setJoiningRole(services.db, shop.id, data.role);
      return { outcome: "joining", role: data.role };
    default:
      return exhaustive(data);
  }
}

const refused = (why: string): TeamResult => ({ outcome: "refused", why });

async function invite(
  { db, now, publicUrl, log }: Services,
  { id: shop, person }: Merchant,
  who: { name: string; email: string; role: Role },
): Promise<TeamResult> {
  const added = await addPerson(db, shop, who);
  if (added === null) return { outcome: "invalid", errors: { email: TEAM_TEXTS.taken } };
  const link = joinUrl(publicUrl, await createPasswordLink(db, shop, added, new Date(now())));
  log.info({ shop, by: person.id, person: added, role: who.role }, "a person was invited");
  return { outcome: "link", link, name: who.name, again: false };
}

/** For whoever lost an invitation or forgot a password. The old password works until then. */
async function newLink(
  { db, now, publicUrl, log }: Services,
  { id: shop, person: by }: Merchant,
  id: string,
): Promise<TeamResult> {
  const person = await findPerson(db, shop, id);
  if (!person || person.disabled || person.entry === "shopify") return refused(TEAM_TEXTS.gone);
  const link = joinUrl(publicUrl, await createPasswordLink(db, shop, id, new Date(now())));
  log.info({ shop, by: by.id, person: id }, "a new password link was made");
  return { outcome: "link", link, name: person.name, again: person.entry === "password" };
}

async function change(
  { db, now, log }: Services,
  { id: shop, person: by }: Merchant,
  id: string,
  wanted: PersonChange,
): Promise<TeamResult> {
  const changed = await changePerson(db, shop, id, wanted, new Date(now()));
  switch (changed.outcome) {
    case "changed": {
      const { name, role: had } = changed.was;
      log.info({ shop, by: by.id, person: id, ...wanted }, "a person was changed");
      if ("role" in wanted) return { outcome: "changed", name, what: "role", role: wanted.role };
      const what = wanted.disabled ? "disabled" : "enabled";
      return { outcome: "changed", name, what, role: had };
    }
    case "gone":
      return refused(TEAM_TEXTS.gone);
    case "last-owner":
      return refused(TEAM_TEXTS.lastOwner);
    default:
      return exhaustive(changed);
  }
}
