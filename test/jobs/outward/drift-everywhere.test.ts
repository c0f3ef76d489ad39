import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SANDBOX_CHANNELS, type SandboxChannel } from "../../../connectors/sandbox/sandboxes.ts";
import { moveWatermark } from "../../../prisma/connections.ts";
import { listDrifts } from "../../../prisma/drifts.ts";
import { openChannel } from "../../connectors/harness.ts";
import { type House, Merchant, openHouse } from "./house.ts";
import { Sandboxed } from "./sandboxed.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** A merchant whose sandbox has accepted what is left of 9 of tea, and shows it. */
async function pushed(channel: SandboxChannel) {
  const bench = openChannel(channel);
  bench.sandbox.stock([{ sku: "tea", title: "Tea", quantity: 10 }]);
  const merchant = await Merchant.open(house.db, ["tea"], [new Sandboxed(bench)]);
  const { shop } = merchant;
  const id = merchant.id(channel);
  const pass = (ms: number) => {
    merchant.now += ms;
    bench.clock.advance(ms);
  };
  const scene = {
    merchant,
    sandbox: bench.sandbox,
    close: () => bench.close(),
    displayed: () => bench.sandbox.describe().listings[0]?.displayed,
    drifts: () => listDrifts(house.db, shop, { connection: id, limit: 10 }),
    listing: () =>
      house.db.listing.findFirstOrThrow({ where: { shopId: shop, connectionId: id, sku: "tea" } }),
    /** A push, seen by buyers as soon as the sandbox lets it. */
    async push() {
      await merchant.push(channel);
      pass(2_000);
    },
    async readAgain() {
      pass(60_000);
      await house.db.listing.updateMany({ where: { shopId: shop }, data: { shown: null } });
      await merchant.readBack(channel);
    },
    /** The sweep has passed since, and found no order that would explain it. */
    async ordersKnown() {
      pass(60_000);
      await moveWatermark(house.db, shop, id, new Date(merchant.now));
      pass(60_000);
      await merchant.readBack(channel);
    },
    waitLong: () => pass(16 * 60_000),
  };
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 9));
  await scene.push();
  await merchant.readBack(channel);
  const shown = scene.displayed() ?? 0;
  expect(shown, "9 less the channel's buffer").toBeGreaterThan(0);
  return { ...scene, shown };
}

describe.each(SANDBOX_CHANNELS)("H5 on %s", (channel) => {
  test("a manual edit is found, named, and put right", async () => {
    const scene = await pushed(channel);
    scene.sandbox.edit("tea", 25);
    await scene.readAgain();
    expect(await scene.drifts()).toMatchObject([
      { state: "suspected", expected: scene.shown, found: 25 },
    ]);
    await scene.ordersKnown();
    expect(await scene.drifts()).toMatchObject([{ state: "open", cause: "manual-edit" }]);
    expect((await scene.listing()).trouble).toMatch(/^Drift: shows 25 instead of/);
    await scene.push();
    expect(scene.displayed()).toBe(scene.shown);
    await scene.readAgain();
    expect(await scene.drifts()).toMatchObject([{ state: "healed", cause: "manual-edit" }]);
    scene.close();
  });

  test("a push that was taken and dropped is named, and pushed again", async () => {
    const scene = await pushed(channel);
    const { merchant, sandbox } = scene;
    sandbox.setFaults({ ignoreSkus: ["tea"] });
    await merchant.hear(merchant.book.receive(merchant.item("tea"), 3));
    await scene.push();
    expect(scene.displayed(), "not a word of it").toBe(scene.shown);
    sandbox.setFaults({ ignoreSkus: [] });
    scene.waitLong();
    await scene.readAgain();
    await scene.ordersKnown();
    expect(await scene.drifts()).toMatchObject([
      { state: "open", cause: "rejected-push", found: scene.shown },
    ]);
    const [open] = await scene.drifts();
    await scene.push();
    expect(scene.displayed()).toBe(open?.expected);
    expect(open?.expected).toBeGreaterThan(scene.shown);
    await scene.readAgain();
    expect(await scene.drifts()).toMatchObject([{ state: "healed" }]);
    expect((await scene.listing()).trouble).toBeNull();
    scene.close();
  });

  test("two systems that fight over a number are told apart, and not fed", async () => {
    const scene = await pushed(channel);
    for (let round = 1; round <= 3; round += 1) {
      scene.sandbox.edit("tea", 25);
      await scene.readAgain();
      await scene.ordersKnown();
      await scene.push();
      await scene.readAgain();
    }
    expect(scene.displayed(), "left to the other one").toBe(25);
    expect(await scene.drifts()).toMatchObject([
      { state: "open", cause: "other-tool" },
      { state: "healed", cause: "manual-edit" },
      { state: "healed", cause: "manual-edit" },
    ]);
    expect((await scene.listing()).trouble).toMatch(/another system keeps changing it/);
    scene.close();
  });

  test("a row that is refused is in trouble with the marketplace's reason", async () => {
    const scene = await pushed(channel);
    const { merchant, sandbox } = scene;
    sandbox.setFaults({ refuseSkus: ["tea"] });
    await merchant.hear(merchant.book.receive(merchant.item("tea"), 3));
    await scene.push();
    expect(scene.displayed()).toBe(scene.shown);
    expect((await scene.listing()).trouble).toMatch(/\w{4}/);
    scene.close();
  });
});
