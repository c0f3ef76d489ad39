import { describe, expect, test } from "vitest";
import { changesBattery } from "./battery/changes.ts";
import { faultsBattery } from "./battery/faults.ts";
import { listingsBattery } from "./battery/listings.ts";
import { messagesBattery } from "./battery/messages.ts";
import { placesBattery } from "./battery/places.ts";
import { pushingBattery } from "./battery/pushing.ts";
import { salesBattery } from "./battery/sales.ts";
import { secretsBattery } from "./battery/secrets.ts";
import { sweepsBattery } from "./battery/sweeps.ts";
import { troubleBattery } from "./battery/trouble.ts";
import { troublesOf } from "./checks/registry.ts";
import { type Bench, JACKET, KEPT_ELSEWHERE, SOCKS } from "./harness.ts";

/** What every connector must do, run against its sandbox. */
export function batteryFor(open: () => Bench): void {
  const stocked = test.extend<{ rig: Bench }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from it.
    rig: async ({}, use) => {
      const rig = open();
      rig.sandbox.stock([JACKET, SOCKS, KEPT_ELSEWHERE]);
      await use(rig);
      rig.close();
      // Whatever a test was about: every call of it has to be one that its marketplace knows.
      expect(await troublesOf(rig.connector.channel, rig.calls)).toEqual([]);
    },
  });
  describe("listings", () => listingsBattery(stocked));
  describe("pushing", () => pushingBattery(stocked));
  describe("places", () => placesBattery(stocked));
  describe("trouble", () => troubleBattery(stocked));
  describe("faults", () => faultsBattery(stocked));
  describe("sales", () => salesBattery(stocked));
  describe("changes", () => changesBattery(stocked));
  describe("sweeps", () => sweepsBattery(stocked));
  describe("messages", () => messagesBattery(stocked));
  describe("secrets", () => secretsBattery(stocked));
}
