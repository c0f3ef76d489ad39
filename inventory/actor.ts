const PERSON = "person:";

/** How the record names a person: by what never changes, so that two of one name are two. */
export function personActor(id: string): string {
  return PERSON + id;
}

/** The person's id; null for programs and marketplaces. */
export function personOfActor(actor: string | null): string | null {
  return actor?.startsWith(PERSON) ? actor.slice(PERSON.length) : null;
}
