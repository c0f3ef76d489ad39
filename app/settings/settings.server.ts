import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import { isCurrency, isLocale, isTimeZone, regionalChoices } from "../../inventory/regional.ts";
import { chooseForConnection } from "../../prisma/connecting.ts";
import { listConnections } from "../../prisma/connections.ts";
import { readBlastLimits, saveBlastLimits } from "../../prisma/guard.ts";
import { listTargets } from "../../prisma/notifications.ts";
import { saveRegional } from "../../prisma/shops.ts";
import { channelColumns } from "../access/merchant.server.ts";
import type { Merchant } from "../access/person.ts";
import type { Services } from "../services.ts";
import { fieldErrors } from "./field-errors.ts";
import { changeNotify } from "./notify-settings.server.ts";
import { FIELD_ERRORS, RELOAD, type SettingsResult } from "./settings-texts.ts";

/** Everything the settings page shows. */
export async function readSettings(context: AppLoadContext, { id: shop, ...own }: Merchant) {
  const { db, now, notify } = context.services;
  const [connections, columns, limits, targets] = await Promise.all([
    listConnections(db, shop),
    channelColumns(context, shop),
    readBlastLimits(db, shop),
    listTargets(db, shop),
  ]);
  const titles = new Map(columns.map(({ connection, title }) => [connection, title]));
  return {
    regional: { locale: own.locale, timeZone: own.timeZone, currency: own.currency },
    choices: regionalChoices(),
    now: new Date(now()),
    hours: connections
      .filter(({ disconnected }) => !disconnected)
      .map(({ id, channel, feedHour }) => ({ id, title: titles.get(id) ?? channel, feedHour })),
    limits,
    targets,
    canMail: notify.mail !== null,
  };
}

const whole = (most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.number().max(most));

const change = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("regional"),
    locale: z.string().refine(isLocale),
    timeZone: z.string().refine(isTimeZone),
    currency: z.string().refine(isCurrency),
  }),
  z.object({ intent: z.literal("hours") }).catchall(z.coerce.number().int().min(0).max(23)),
  z.object({
    intent: z.literal("guard"),
    zeroPercent: whole(100),
    movePercent: whole(100),
    farPercent: whole(1_000),
    always: whole(100_000),
  }),
]);

/** Does what one of the page's forms says. */
export async function changeSettings(
  services: Services,
  merchant: Merchant,
  form: FormData,
): Promise<SettingsResult> {
  const { db, now } = services;
  const { id: shop } = merchant;
  const notifying = await changeNotify(services, merchant, form);
  if (notifying) return notifying;
  const parsed = change.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    const errors = fieldErrors(parsed.error, FIELD_ERRORS);
    return errors ? { outcome: "invalid", errors } : { outcome: "refused", why: RELOAD };
  }
  const { data } = parsed;
  switch (data.intent) {
    case "regional": {
      const { locale, timeZone, currency } = data;
      await saveRegional(db, shop, { locale, timeZone, currency });
      break;
    }
    case "hours": {
      const { intent: _, ...hours } = data;
      const at = new Date(now());
      for (const [connection, feedHour] of Object.entries(hours)) {
        await chooseForConnection(db, shop, connection, { feedHour: Number(feedHour) }, at);
      }
      break;
    }
    case "guard": {
      const { zeroPercent, movePercent, farPercent, always } = data;
      await saveBlastLimits(db, shop, { zeroPercent, movePercent, farPercent, always });
      break;
    }
    default:
      return exhaustive(data);
  }
  return { outcome: "saved" };
}
