import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { amazon } from "../../../connectors/amazon/connector.ts";
import { AMAZON_SANDBOX } from "../../../connectors/amazon/sandbox/account.ts";
import type { Session } from "../../../connectors/connector.ts";

const START = Date.UTC(2026, 10, 24);
const FORBIDDEN = "Access to requested resource is forbidden.";
const DENIED = "Access to requested resource is denied.";

let now = START;
let answers: [number, string][] = [];
let session: Session;

const server = setupServer(
  http.post("https://api.amazon.com/auth/o2/token", () =>
    HttpResponse.json({ access_token: "Atza", expires_in: 3_600, refresh_token: "Atzr" }),
  ),
  http.get("https://sellingpartnerapi-na.amazon.com/*", () => {
    const [status, message] = answers.shift() ?? [200, ""];
    if (status === 200) return HttpResponse.json({ payload: [] });
    return HttpResponse.json({ errors: [{ code: "Unauthorized", message }] }, { status });
  }),
);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => server.close());
beforeEach(() => {
  now = START;
  const { app, settings, secrets } = AMAZON_SANDBOX;
  const account = { connection: "c", settings, secrets: { ...app, ...secrets } };
  session = amazon.connect(account, { now: () => now });
});
afterEach(() => expect(answers, "every answer was asked for").toEqual([]));

test("D7: whoever is forbidden after a 429 has asked too often, and is not shut out", async () => {
  answers = [
    [429, "You exceeded your quota for the requested resource."],
    [403, FORBIDDEN],
  ];
  expect(await session.health()).toMatchObject({ outcome: "throttled" });
  now += 5 * 60_000;
  expect(await session.health()).toMatchObject({ outcome: "throttled", retryAt: now + 60_000 });
  now += 60_000;
  expect(await session.health()).toMatchObject({ outcome: "healthy" });
});

test("F: a right that is missing is none of it, and neither is a 403 out of the blue", async () => {
  answers = [
    [403, FORBIDDEN],
    [429, "You exceeded your quota for the requested resource."],
    [403, DENIED],
  ];
  const forbidden = { outcome: "unauthorized", cause: "forbidden" };
  expect(await session.health()).toMatchObject(forbidden);
  await session.health();
  expect(await session.health()).toMatchObject(forbidden);
});
