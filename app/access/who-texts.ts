import { personOfActor } from "../../inventory/actor.ts";
import { sourceText } from "../holds/hold-texts.ts";
import { DEMO_VISITOR } from "./demo-role.ts";

/** Of somebody who is not in the shop's team any more. */
const GONE = "Somebody who left";

/** Who did something, as people read it: a person's name as it is now, a program, a channel. */
export function whoText(
  actor: string,
  names: ReadonlyMap<string, string>,
  channelTitle: (channel: string) => string,
): string {
  const person = personOfActor(actor);
  if (person === DEMO_VISITOR.id) return DEMO_VISITOR.name;
  if (person !== null) return names.get(person) ?? GONE;
  const program = actor.startsWith("api:") || actor === "storefront" || actor === "webhook";
  return program ? sourceText(actor) : channelTitle(actor);
}

/** Two people of one name are told apart by where they log in, or by their number. */
export function distinctNames(
  people: readonly { id: string; name: string; email: string | null }[],
): Map<string, string> {
  const byName = Map.groupBy(people, ({ name }) => name);
  return new Map(
    people.map(({ id, name, email }) => {
      const alone = byName.get(name)?.length === 1;
      return [id, alone ? name : `${name} (${email ?? id.slice(-4)})`];
    }),
  );
}
