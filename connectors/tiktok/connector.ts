import { placeChoice } from "../../inventory/stock-place.ts";
import type { Connector } from "../connector.ts";
import { createClient } from "./client.ts";
import { tiktokConsent } from "./consent.ts";
import { TIKTOK_LIMITS } from "./limits.ts";
import { listings } from "./listings.ts";
import { hintOf } from "./message.ts";
import { ordersSince, pointedAt } from "./orders.ts";
import { pushQuantities } from "./push.ts";
import { readBack } from "./read-back.ts";
import { returnsSince } from "./returns.ts";
import { health } from "./shops.ts";
import { subscribe, unsubscribe } from "./subscribe.ts";
import { translate } from "./translate.ts";
import { verifyWebhook } from "./verify.ts";
import { listWarehouses } from "./warehouses.ts";

/**
 * TikTok Shop, through its Open API, whose versions are per endpoint.
 *
 * Account: settings `shopId`, `cipher` (the shop in every call about it), `region` and `grant`
 * (shops of one consent share it, and with it their tokens); secrets `accessToken`,
 * `accessTokenExpiresAt` (ms), `refreshToken` and `refreshTokenExpiresAt` (ms), besides our app's
 * `appKey` and `appSecret`, which also sign. The merchant may have chosen a warehouse (`placeChoice`).
 */
export const tiktok: Connector = {
  channel: "tiktok",
  title: "TikTok Shop",
  limits: TIKTOK_LIMITS,
  abilities: {
    ...{ compareAndSet: false, inbound: "door", pushesOneGroup: true },
    places: { one: "warehouse", many: "warehouses", emptiesOthers: true },
  },
  consent: tiktokConsent,
  verify: verifyWebhook,
  translate,
  hint: hintOf,
  connect(account, world) {
    const client = createClient(account, world);
    const choice = placeChoice(account);
    return {
      listings: (cursor) => listings(client, choice.told, cursor),
      push: (batch) => pushQuantities(client, choice, batch),
      readBack: (lines) => readBack(client, choice.told, lines),
      places: () => listWarehouses(client),
      ordersSince: (since, cursor) => ordersSince(client, since, cursor),
      orders: (ids) => pointedAt(client, ids),
      returnsSince: (since, cursor) => returnsSince(client, since, cursor),
      health: () => health(client, account),
      subscribe: (doorUrl) => subscribe(client, doorUrl),
      unsubscribe: () => unsubscribe(client),
    };
  },
};
