import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/services/paths.ts";
import { sentencesIn } from "./sentences.ts";

test("G: no sentence stands in a page's markup: those who translate find all of them in the texts", () => {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "app"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const pages = files.split("\n").filter((file) => file.endsWith(".tsx"));
  const found = pages.flatMap((file) => sentencesIn(file, readFileSync(join(ROOT, file), "utf8")));
  expect(found.map(({ at, text }) => `${at} ${text}`)).toEqual([]);
});

test("the search finds what a person reads, and nothing else", () => {
  const texts = (markup: string) => sentencesIn("a.tsx", markup).map(({ text }) => text);
  expect(texts("<p>Nothing has moved yet.</p>")).toEqual(["Nothing has moved yet."]);
  expect(texts('<Page title="Your own stock" />')).toEqual(["Your own stock"]);
  expect(texts('<p>{some ? "There are some here" : "There are none here"}</p>')).toHaveLength(2);
  expect(texts('<Button label={empty ? "Load the page again" : "Go"} />')).toHaveLength(1);
  expect(texts('<Button className="a b c" tone="critical">Save it</Button>')).toEqual([]);
  expect(texts("<p>{TEXTS.none}</p>")).toEqual([]);
});
