import { afterEach, beforeEach, expect, test } from "vitest";
import { type SandboxServer, startSandboxes } from "../../../connectors/sandbox/server.ts";
import { walmart } from "../../../connectors/walmart/connector.ts";
import { walmartConsent } from "../../../connectors/walmart/consent.ts";
import { WALMART_SANDBOX } from "../../../connectors/walmart/sandbox/account.ts";
import { JACKET, lineFor, listingOf, SOCKS, shownOf } from "../harness.ts";

let server: SandboxServer;
beforeEach(async () => {
  server = await startSandboxes({ port: 0, lag: "none" });
  server.sandboxes.walmart.stock([JACKET, SOCKS]);
});
afterEach(() => server.stop());

const connect = () => {
  const account = { connection: "c-walmart", ...WALMART_SANDBOX };
  return walmart.connect(account, { baseUrl: server.url, now: Date.now });
};

test("F: a file goes over the wire, with every SKU as it is written", async () => {
  const session = connect();
  const rows = await Promise.all([JACKET, SOCKS].map(({ sku }) => listingOf({ session }, sku)));
  const lines = rows.map((row, n) => lineFor(row, n + 3));
  const submitted = await session.bulk?.submit(lines);
  if (submitted?.outcome !== "submitted") throw new Error(JSON.stringify(submitted));
  expect(await session.bulk?.result(submitted.file, lines)).toEqual({
    outcome: "processed",
    results: [{ outcome: "accepted" }, { outcome: "accepted" }],
  });
  expect(await Promise.all(rows.map((row) => shownOf(session, row)))).toEqual([3, 4]);
});

test("F: a browser finds the consent page at the sandbox", async () => {
  const { app } = WALMART_SANDBOX;
  const returnUrl = "http://127.0.0.1:3000/back";
  const page = new URL(walmartConsent.page({ app, answers: {}, state: "s", returnUrl }));
  const answer = await fetch(`${server.url}/at/${page.host}${page.pathname}${page.search}`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("inventory: full_access");
});
