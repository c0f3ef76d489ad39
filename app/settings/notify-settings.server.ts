import { z } from "zod";
import { publicAddress } from "../../connectors/public-address.ts";
import type { TargetKind } from "../../inventory/notification.ts";
import { tell } from "../../jobs/notify.ts";
import { openTarget, saveTarget } from "../../prisma/notifications.ts";
import type { Merchant } from "../access/person.ts";
import type { Services } from "../services.ts";
import { NOTIFY_ERRORS, NOTIFY_TEXTS, type SettingsResult } from "./settings-texts.ts";

const kind = z.enum(["slack", "email"]);
const asked = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("notify"), kind, address: z.string().max(5_000) }),
  z.object({ intent: z.literal("notify-test"), kind }),
  z.object({ intent: z.literal("notify-remove"), kind }),
]);

/** Does what a form about notifications says; null when the form is about something else. */
export async function changeNotify(
  services: Services,
  { id: shop }: Merchant,
  form: FormData,
): Promise<SettingsResult | null> {
  const parsed = asked.safeParse(Object.fromEntries(form));
  if (!parsed.success) return null;
  const { data } = parsed;
  const { db, keyring } = services;
  switch (data.intent) {
    case "notify-test":
      return sendTest(services, shop, data.kind);
    case "notify-remove":
      await saveTarget(db, keyring, shop, data.kind, []);
      return { outcome: "saved" };
    case "notify": {
      const addresses = await readAddresses(services, data.kind, data.address);
      if (!addresses) {
        return { outcome: "invalid", errors: { [data.kind]: NOTIFY_ERRORS[data.kind] } };
      }
      await saveTarget(db, keyring, shop, data.kind, addresses);
      return { outcome: "saved" };
    }
  }
}

const emails = z.array(z.email().max(254)).min(1).max(10);

/** The addresses that were typed, or null when one of them is none. */
async function readAddresses(
  { notify }: Services,
  target: TargetKind,
  text: string,
): Promise<string[] | null> {
  if (target === "email") {
    const typed = text.split(/[\s,;]+/).filter((one) => one !== "");
    return emails.safeParse(typed).data ?? null;
  }
  const address = text.trim();
  const { outcome } = await publicAddress(address, { allowLoopback: notify.allowLoopback });
  return outcome === "refused" || address === "" ? null : [address];
}

/** Really sends, to what is saved, and says what the other side answered. */
async function sendTest(
  { db, keyring, notify }: Services,
  shop: string,
  target: TargetKind,
): Promise<SettingsResult> {
  const addresses = await openTarget(db, keyring, shop, target);
  if (!addresses) return { outcome: "refused", why: NOTIFY_TEXTS.noTarget };
  const result = await tell(notify, target, addresses, NOTIFY_TEXTS.test);
  if (result.outcome === "sent") return { outcome: "sent" };
  return { outcome: "refused", why: NOTIFY_TEXTS.notSent(result.why) };
}
