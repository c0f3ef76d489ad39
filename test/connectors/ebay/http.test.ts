import { expect, test } from "vitest";
import { ebay } from "../../../connectors/ebay/connector.ts";
import { startSandboxes } from "../../../connectors/sandbox/server.ts";
import { allListings, lineFor } from "../harness.ts";

test("F: every host of eBay's is led to one address, told apart by its name", async () => {
  const server = await startSandboxes({ port: 0, lag: "none" });
  try {
    const { ebay: sandbox } = server.sandboxes;
    sandbox.stock([
      { sku: "JACKET-ALPINE-M", title: "Jacket", quantity: 5 },
      { sku: "SOCK-HIKE-2P", title: "Socks", quantity: 5 },
    ]);
    const world = { baseUrl: server.url, now: Date.now };
    const session = ebay.connect({ connection: "c", ...sandbox.account }, world);
    const rows = await allListings(session);
    expect(rows.map((row) => row.handle.world)).toEqual(["inventory", "legacy"]);
    const lines = rows.map((row) => lineFor(row, 3));
    expect(await session.push(lines)).toEqual(rows.map(() => ({ outcome: "accepted" })));
    const read = await session.readBack(rows);
    expect(read).toMatchObject({ outcome: "read", rows: [{ quantity: 3 }, { quantity: 3 }] });
    expect(await session.health()).toMatchObject({ outcome: "healthy" });

    // The merchant's browser cannot name a host in a header: it says it in the path.
    const { app } = sandbox.account;
    const request = { app, answers: {}, returnUrl: "http://door.test" };
    const asked = new URL(ebay.consent.page({ ...request, state: "s" }));
    const page = await fetch(`${server.url}/at/${asked.host}${asked.pathname}${asked.search}`);
    const [, href = ""] = /class="allow" href="([^"]+)"/.exec(await page.text()) ?? [];
    const query = Object.fromEntries(new URL(href.replaceAll("&amp;", "&")).searchParams);
    const consented = await ebay.consent.complete({ ...request, query }, world);
    expect(consented).toMatchObject({
      outcome: "connected",
      accounts: [{ account: sandbox.account.account }],
    });
  } finally {
    await server.stop();
  }
});
