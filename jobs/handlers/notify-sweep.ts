import { formatFor } from "../../inventory/format.ts";
import type { Database } from "../../prisma/client.ts";
import {
  findProblems,
  listTargets,
  markTold,
  noteFailure,
  openTarget,
  recordProblems,
  shopsToNotify,
  untold,
} from "../../prisma/notifications.ts";
import type { Keyring } from "../../prisma/sealed.ts";
import { shopById } from "../../prisma/shops.ts";
import type { JobPayload } from "../catalogue.ts";
import type { Log } from "../log.ts";
import { type NotifyWorld, tell } from "../notify.ts";
import { problemsText } from "../notify-text.ts";
import type { Queues } from "../queues.ts";

export interface NotifyDeps {
  db: Database;
  ring: Keyring;
  notify: NotifyWorld;
  /** Where people open the app; undefined: the message has no links. */
  publicUrl: string | undefined;
  enqueue: Queues["enqueue"];
  now(): number;
  log: Log;
}

/** The handler of "notify.sweep": every shop whose team wants to hear is looked at. */
export async function notifySweep({ db, enqueue }: NotifyDeps): Promise<void> {
  for (const shop of await shopsToNotify(db)) await enqueue("notify.shop", { shop });
}

/**
 * The handler of "notify.shop": writes down what needs a person, and tells each target what it has
 * not heard of, in one message. A problem is told once while it lasts, and again when it comes
 * back. A message that does not arrive is tried again, further apart each time.
 */
export async function notifyShop(
  deps: NotifyDeps,
  { shop: id }: JobPayload<"notify.shop">,
): Promise<void> {
  const { db, ring, log } = deps;
  const now = new Date(deps.now());
  const shop = await shopById(db, id);
  if (!shop) return;
  await recordProblems(db, id, await findProblems(db, id, now), now);
  for (const { kind } of await listTargets(db, id)) {
    const problems = await untold(db, id, kind, now);
    const addresses = problems.length > 0 ? await openTarget(db, ring, id, kind) : null;
    if (!addresses) continue;
    const about = { shop: shop.name, url: deps.publicUrl, format: formatFor(shop) };
    const result = await tell(deps.notify, kind, addresses, problemsText(problems, about));
    if (result.outcome === "sent") await markTold(db, id, kind, problems, now);
    else await noteFailure(db, id, kind, result.why, now);
    log.info({ shop: id, kind, problems: problems.length, ...result }, "a team was notified");
  }
}
