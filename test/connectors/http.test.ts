import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  type CallKind,
  call,
  parseAnswer,
  statusFailure,
  transportFailure,
} from "../../connectors/http.ts";

const statuses: [status: number, kind: CallKind, outcome: string][] = [
  [429, "write", "throttled"],
  [401, "write", "unauthorized"],
  [403, "read", "unauthorized"],
  [503, "write", "unavailable"],
  [500, "write", "unknown"],
  [502, "write", "unknown"],
  [504, "write", "unknown"],
  [500, "read", "unavailable"],
  [404, "read", "unavailable"],
];

test.each(statuses)("F: HTTP %d to a %s is %s", (status, kind, outcome) => {
  expect(statusFailure(status, kind, 5)).toMatchObject({ outcome });
});

const coded = (code: string) => new TypeError("fetch failed", { cause: codedError(code) });

function codedError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const failures: [title: string, error: unknown, kind: CallKind, outcome: string][] = [
  ["refused", coded("ECONNREFUSED"), "write", "unavailable"],
  ["no such host", codedError("ENOTFOUND"), "write", "unavailable"],
  ["cut", coded("ECONNRESET"), "write", "unknown"],
  ["cut", coded("ECONNRESET"), "read", "unavailable"],
  ["timed out", new DOMException("too long", "TimeoutError"), "write", "unknown"],
  ["who knows", "what", "write", "unknown"],
];

test.each(failures)("F: a line that is %s (%s, %s) is %s", (_title, error, kind, outcome) => {
  expect(transportFailure(error, kind).outcome).toBe(outcome);
});

test("F: an answer of another shape says nothing, not even whether a write counted", () => {
  const schema = z.object({ status: z.string() });
  const answered = { outcome: "answered", data: { status: "ok" } };
  expect(parseAnswer(schema, { status: "ok" }, "write")).toEqual(answered);
  expect(parseAnswer(schema, { state: "Ada" }, "write")).toMatchObject({ outcome: "unknown" });
  const read = parseAnswer(schema, { status: 7 }, "read");
  expect(read).toMatchObject({ outcome: "unavailable", why: expect.stringContaining("status") });
});

test("F: an answer that does not come is given up, and a write then unknown", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  const init = { method: "POST", timeoutMs: 50 };
  const error = await call({ baseUrl }, "https://shop.example/x", init).catch((one) => one);
  expect(transportFailure(error, "write").outcome).toBe("unknown");
  silent.close();
  silent.closeAllConnections();
});

test("F: a call meant for a marketplace goes to the base URL, and says whom it means", async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.headers["x-forwarded-host"]} ${request.url}`);
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await call({ baseUrl: `http://127.0.0.1:${port}` }, "https://shop.example/a/b?c=1");
  expect(seen).toEqual(["shop.example /a/b?c=1"]);
  server.close();
  server.closeAllConnections();
});
