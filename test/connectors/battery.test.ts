import { describe, expect, test } from "vitest";
import { CONNECTORS, findConnector } from "../../connectors/registry.ts";
import { SANDBOX_CHANNELS } from "../../connectors/sandbox/sandboxes.ts";
import { batteryFor } from "./battery.ts";
import { openChannel } from "./harness.ts";

for (const channel of SANDBOX_CHANNELS) {
  describe(channel, () => batteryFor(() => openChannel(channel)));
}

test("F: every connector has a sandbox, so the battery ran for each of them", () => {
  expect(Object.keys(CONNECTORS).sort()).toEqual([...SANDBOX_CHANNELS].sort());
});

test("F: a channel nobody knows has no connector, whatever objects inherit", () => {
  expect(findConnector("shopify")?.title).toBe("Shopify");
  expect(findConnector("etsy")).toBeNull();
  expect(findConnector("toString")).toBeNull();
});
