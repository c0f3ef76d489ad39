import type { SandboxDefinition } from "../../sandbox/definition.ts";
import { WALMART_HOUSE, WALMART_SANDBOX } from "./account.ts";
import { eventHeaders, orderEvent, returnEvent } from "./events.ts";
import { feedHandlers } from "./feeds.ts";
import { inventoryHandlers } from "./inventory.ts";
import { itemHandlers } from "./items.ts";
import { orderHandlers } from "./orders.ts";
import { returnHandlers } from "./returns.ts";
import { shipNodeHandlers } from "./ship-nodes.ts";
import { emptyWalmart, type WalmartState } from "./state.ts";
import { tokenHandlers } from "./tokens.ts";
import { webhookHandlers } from "./webhooks.ts";

/** An imitation of one Walmart seller: the Marketplace API v3 and its event subscriptions. */
export const walmartSandbox: SandboxDefinition<WalmartState> = {
  channel: "walmart",
  account: WALMART_SANDBOX,
  house: WALMART_HOUSE,
  // How long a number takes to reach buyers is not written anywhere; minutes are assumed.
  realisticLag: { minMs: 60_000, maxMs: 300_000 },
  empty: emptyWalmart,
  handlers: (moment) => [
    ...tokenHandlers(moment),
    ...itemHandlers(moment),
    ...inventoryHandlers(moment),
    ...feedHandlers(moment),
    ...shipNodeHandlers(moment),
    ...orderHandlers(moment),
    ...returnHandlers(moment),
    ...webhookHandlers(moment),
  ],
  externalId: (listing) => listing.sku,
  message: (...told) => orderEvent(...told) ?? [],
  returnMessage: returnEvent,
  doorHeaders: eventHeaders,
};
