import { expect, test } from "vitest";
import { createLog } from "../../../jobs/log.ts";

test("a log line hides secrets and people wherever a library puts them", () => {
  const lines: string[] = [];
  const log = createLog("info", "worker", { write: (line) => lines.push(line) });
  log.info(
    {
      token: "open-sesame-1",
      account: { secrets: { a: "open-sesame-2" }, accessToken: "open-sesame-3" },
      request: {
        headers: {
          authorization: "open-sesame-4",
          cookie: "open-sesame-5",
          "x-shopify-hmac-sha256": "open-sesame-6",
        },
      },
      customer: { name: "open-sesame-7" },
      connection: "c1",
    },
    "pushed",
  );
  expect(lines.join("")).not.toMatch(/open-sesame/);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "info",
    name: "worker",
    connection: "c1",
    msg: "pushed",
    token: "[hidden]",
  });
});
