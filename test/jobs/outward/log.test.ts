import { expect, test } from "vitest";
import { createLog } from "../../../jobs/log.ts";

test("a log line hides secrets and people wherever a library puts them", () => {
  const lines: string[] = [];
  const log = createLog("info", "worker", { write: (line) => lines.push(line) });
  log.info(
    {
      token: "T1",
      account: { secrets: { a: "T2" }, accessToken: "T3" },
      request: { headers: { authorization: "T4", cookie: "T5", "x-shopify-hmac-sha256": "T6" } },
      customer: { name: "T7" },
      connection: "c1",
    },
    "pushed",
  );
  expect(lines.join("")).not.toMatch(/T[1-7]/);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "info",
    name: "worker",
    connection: "c1",
    msg: "pushed",
    token: "[hidden]",
  });
});
