import type { AppLoadContext } from "@remix-run/node";
import { dayAround } from "../../jobs/order-files/local-time.ts";
import { latestWork } from "../../prisma/channel-facts.ts";
import { choicesOf, driftOf, failingListings, recentPushes } from "../../prisma/channel-page.ts";
import type {} from "../context.ts";
import { missingKeys } from "./begin-consent.server.ts";
import { channelViews } from "./channels.server.ts";
import { HAS_FEED } from "./decide-channel.server.ts";
import { readPlacesView } from "./places.server.ts";

const PUSHES = 12;
const FAILING = 10;
const DRIFT = 15;

/** Everything the page of one connection shows; a 404 for a connection of nobody or another. */
export async function readChannel(context: AppLoadContext, shop: string, id: string) {
  const { services } = context;
  const { db } = services;
  const [views, choices, pushes, failing, drift] = await Promise.all([
    channelViews(context, shop),
    choicesOf(db, shop, id),
    recentPushes(db, shop, id, PUSHES),
    failingListings(db, shop, id, FAILING),
    driftOf(db, shop, id, DRIFT),
  ]);
  const view = views.find((one) => one.id === id);
  const connector = view && services.connectorOf(view.channel);
  if (!view || !choices || !connector) {
    throw new Response("There is no such connection.", { status: 404 });
  }
  const { limits } = connector;
  const { revisions } = limits;
  const now = services.now();
  const day = revisions ? dayAround(revisions.zone)(now).day : null;
  const latest = await latestWork(db, shop, id, day);
  const places = await readPlacesView(services, shop, id, connector);
  const missing = missingKeys(services, connector);
  return {
    view,
    choices,
    pushes,
    failing,
    drift,
    limits,
    latest,
    now,
    places,
    missing,
    hasFeed: HAS_FEED,
  };
}
