import { personOfActor } from "../../inventory/actor.ts";
import { namesOfPeople } from "../../prisma/people.ts";
import { channelTitle } from "../channels/channel-title.ts";
import type { Services } from "../services.ts";
import { distinctNames, whoText } from "./who-texts.ts";

/** Something that somebody did. */
interface Done {
  actor: string | null;
}

/** The same rows, each saying who did it in words. */
export async function withWho<R extends Done>(
  { db }: Pick<Services, "db">,
  shop: string,
  rows: readonly R[],
  columns: readonly { channel: string; title: string }[] = [],
): Promise<(R & { who: string | null })[]> {
  const title = channelTitle(columns);
  const someone = rows.some(({ actor }) => personOfActor(actor) !== null);
  const names = someone ? distinctNames(await namesOfPeople(db, shop)) : new Map();
  return rows.map((row) => {
    return { ...row, who: row.actor === null ? null : whoText(row.actor, names, title) };
  });
}
