import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxAccount } from "../../../connectors/sandbox/sandboxes.ts";
import { type SandboxServer, startSandboxes } from "../../../connectors/sandbox/server.ts";
import { tiktok } from "../../../connectors/tiktok/connector.ts";
import { allListings, JACKET, lineFor } from "../harness.ts";

let server: SandboxServer;
beforeAll(async () => {
  server = await startSandboxes({ port: 0, lag: "none" });
  server.sandboxes.tiktok.connect("c");
  server.sandboxes.tiktok.stock([JACKET, { ...JACKET, sku: "JACKET-L", product: JACKET.sku }]);
});
afterAll(() => server.stop());

test("F: what is signed survives the way over a socket, for every method", async () => {
  const account = { connection: "c", ...sandboxAccount("tiktok") };
  const session = tiktok.connect(account, { baseUrl: server.url, now: Date.now });
  const rows = await allListings(session);
  expect(await session.push(rows.map((row) => lineFor(row, 3)))).toEqual([
    { outcome: "accepted" },
    { outcome: "accepted" },
  ]);
  expect(await session.readBack(rows)).toMatchObject({ rows: [{ quantity: 3 }, { quantity: 3 }] });
  const ids = [1, 2].map(() => {
    const bought = server.sandboxes.tiktok.buy({ sku: JACKET.sku, quantity: 1 });
    return bought.outcome === "sold" ? bought.order.id : "";
  });
  expect(await session.orders?.(ids)).toMatchObject({ messages: [{}, {}] });
  expect(await session.subscribe?.("http://127.0.0.1:9/webhooks/tiktok/c")).toEqual({
    outcome: "subscribed",
  });
  expect(await session.unsubscribe?.("")).toEqual({ outcome: "unsubscribed" });
  expect(await session.health()).toMatchObject({ outcome: "healthy" });
});
