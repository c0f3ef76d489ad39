import { expect } from "vitest";
import { isOrderActivity } from "../../../inventory/activity.ts";
import {
  activitiesOf,
  activityIds,
  type BenchTest,
  buyOne,
  paced,
  SOCKS,
  START,
  SWEEPABLE_MS,
  sweepAll,
} from "../harness.ts";

/** What a connector finds when it asks. */
export function sweepsBattery(test: BenchTest): void {
  test("F: a message that was lost is found by the sweep, under the same activity ids", async ({
    rig,
  }) => {
    rig.sandbox.setFaults({ dropNext: 1 });
    const lost = buyOne(rig, 2).order;
    expect(await rig.news()).toEqual([]);
    const heard = buyOne(rig, 1).order;
    rig.sandbox.ship(heard.id, null);
    // The last message, which not every marketplace sends when something is shipped.
    const told = (await rig.news()).slice(-1);
    rig.clock.advance(SWEEPABLE_MS);
    const swept = await sweepAll(rig.session, START - 1_000);
    const activities = swept.flatMap(rig.connector.translate).filter(isOrderActivity);
    const of = (id: string) =>
      activityIds(
        rig,
        activities.filter(({ order }) => order === id),
      );
    expect(of(lost.id)).toHaveLength(1);
    const ids = activityIds(rig, await activitiesOf(rig, told));
    expect(ids).not.toEqual([]);
    expect(of(heard.id)).toEqual(expect.arrayContaining(ids));
  });

  test("F: a sweep reads all pages, and the same window again has the same message ids", async ({
    rig,
  }) => {
    for (let n = 0; n < 130; n += 1) {
      rig.sandbox.order({ lines: [{ sku: SOCKS.sku, quantity: 1 }] });
      rig.clock.advance(1_000);
    }
    rig.clock.advance(SWEEPABLE_MS);
    const once = await sweepAll(paced(rig), START - 1_000);
    expect(once).toHaveLength(130);
    const again = await sweepAll(paced(rig), START - 1_000);
    expect(again.map((one) => one.externalId)).toEqual(once.map((one) => one.externalId));
    expect(new Set(again.map((one) => one.externalId)).size).toBe(130);
  });

  test("invariant 9: a sweep says up to when it knows, and never beyond now", async ({ rig }) => {
    const since = START - SWEEPABLE_MS;
    const sweep = await rig.session.ordersSince(since, null);
    if (sweep.outcome !== "swept") throw new Error(JSON.stringify(sweep));
    expect(sweep.knownTo).toBeGreaterThan(since);
    expect(sweep.knownTo).toBeLessThanOrEqual(rig.clock.now());
  });
}
