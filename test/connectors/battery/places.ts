import { expect } from "vitest";
import { recordedAt } from "../../../connectors/sandbox/elsewhere.ts";
import { placeSettings } from "../../../inventory/stock-place.ts";
import {
  type Bench,
  type BenchTest,
  JACKET,
  lineFor,
  listingOf,
  PUSH_SEEN_MS,
  shownOf,
} from "../harness.ts";

/** At which of a marketplace's places a connector counts, as the merchant chose. Row B8. */
export function placesBattery(test: BenchTest): void {
  test("B8: the places of stock are the marketplace's own, or it says that it has none", async ({
    rig,
  }) => {
    const answer = await rig.session.places();
    if (!rig.connector.abilities.places) {
      expect(answer).toEqual({ outcome: "none" });
      expect(rig.sandbox.openPlace("Second")).toBeNull();
      return;
    }
    const opened = rig.sandbox.openPlace("Second");
    const all = await rig.session.places();
    if (all.outcome !== "places") throw new Error(JSON.stringify(all));
    expect(all.places.filter(({ main }) => main)).toHaveLength(1);
    expect(all.places[0], "the one it takes by itself comes first").toMatchObject({ main: true });
    expect(all.places).toContainEqual({ ...opened, main: false, unusable: null });
    // What the marketplace keeps itself is shown as that.
    expect(all.places.filter(({ unusable }) => unusable !== null)).toHaveLength(1);
  });

  test("B8: places that cannot be read are told why", async ({ rig }) => {
    if (!rig.connector.abilities.places) return;
    rig.sandbox.setFaults({ outage: true });
    expect(await rig.session.places()).toMatchObject({ outcome: "unavailable" });
    rig.sandbox.setFaults({ outage: false, revoked: true });
    expect(await rig.session.places()).toMatchObject({ outcome: "unauthorized" });
  });

  test("B8: another place shows the number, and the one before is kept at 0", async ({ rig }) => {
    if (!rig.connector.abilities.places) return;
    const { session } = await chosen(rig, { emptied: true });
    const row = await listingOf({ session }, JACKET.sku);
    expect(row.quantity, "nothing is there yet").toBe(0);
    expect(await session.push([lineFor(row, 7, 0)])).toEqual([{ outcome: "accepted" }]);
    rig.clock.advance(PUSH_SEEN_MS);
    expect(await shownOf(session, row)).toBe(7);
    expect(numbers(rig)).toEqual({ displayed: 7, told: 7, main: 0 });
  });

  test("B8: a place that is left alone keeps its number, and is not taken for ours", async ({
    rig,
  }) => {
    if (!rig.connector.abilities.places) return;
    const { session } = await chosen(rig, { emptied: false });
    const row = await listingOf({ session }, JACKET.sku);
    expect(await session.push([lineFor(row, 7, 0)])).toEqual([{ outcome: "accepted" }]);
    rig.clock.advance(PUSH_SEEN_MS);
    expect(await shownOf(session, row)).toBe(7);
    expect(numbers(rig)).toEqual({ displayed: 17, told: 7, main: 10 });
  });
}

/** A session of a merchant who has chosen the second place. */
async function chosen(rig: Bench, { emptied }: { emptied: boolean }) {
  const told = rig.sandbox.openPlace("Second")?.id ?? "";
  const listed = await rig.session.places();
  if (listed.outcome !== "places") throw new Error(JSON.stringify(listed));
  const main = listed.places[0]?.id ?? "";
  const choice = placeSettings({ told, emptied: emptied ? [main] : [] });
  const session = rig.connect({ settings: { ...rig.account.settings, ...choice } });
  return { session };
}

/** What buyers see of the jacket, and what the marketplace has at the second and the first place. */
function numbers({ sandbox }: Bench) {
  const listing = sandbox.market().listings[JACKET.sku];
  const second = sandbox.market().places?.[0]?.id ?? "";
  if (!listing) throw new Error("no jacket");
  return {
    displayed: sandbox.describe().listings.find(({ sku }) => sku === JACKET.sku)?.displayed,
    told: recordedAt(listing, second),
    main: recordedAt(listing, null),
  };
}
