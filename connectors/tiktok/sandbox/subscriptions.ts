import { http, type RequestHandler } from "msw";
import { z } from "zod";
import { invalid, success } from "./answers.ts";
import { guarded } from "./guard.ts";
import type { TikTokMoment } from "./state.ts";

const WEBHOOKS = "https://open-api.tiktokglobalshop.com/event/202309/webhooks";

const askedSchema = z.object({ address: z.url(), event_type: z.string().min(1) });
const takenBackSchema = z.object({ event_type: z.string().min(1) });

/** Where the shop's messages go. One address serves all kinds of events here, as we use it. */
export function subscriptionHandlers(moment: () => TikTokMoment): RequestHandler[] {
  return [
    http.put(WEBHOOKS, ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "events" }, (_url, body) => {
        const asked = askedSchema.safeParse(body);
        if (!asked.success) return invalid("Invalid webhook.");
        now.state.events[asked.data.event_type] = true;
        now.state.market.door = asked.data.address;
        return success({});
      });
    }),
    http.delete(WEBHOOKS, ({ request }) => {
      const now = moment();
      return guarded(now, request, { kind: "events" }, (_url, body) => {
        const back = takenBackSchema.safeParse(body);
        if (!back.success) return invalid("Invalid webhook.");
        delete now.state.events[back.data.event_type];
        if (Object.keys(now.state.events).length === 0) now.state.market.door = null;
        return success({});
      });
    }),
  ];
}
