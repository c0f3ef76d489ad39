import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { availableToSell } from "../../../inventory/stock.ts";
import type { House } from "./house.ts";

/** Milliseconds from asking the ledger for a change. */
export interface LiveTimes {
  /** Until the row with the new number had arrived at an open connection. */
  arrived: number[];
  /** Until a real page showed it. */
  visible: number[];
  /** Changes that some page did not hear of in time. */
  missed: number;
}

const PATIENCE_MS = 5_000;
/** Pauses are of different lengths, so that nothing falls into step with them. */
const PAUSE_MS = { least: 150, more: 300 };

/** Opens so many pages, changes items one by one, and times each change at every page. */
export async function timeLive(
  house: House,
  browser: Browser,
  { connections, browsers, changes }: { connections: number; browsers: number; changes: number },
): Promise<LiveTimes> {
  const heard = new Heard();
  const streams = await Promise.all(
    Array.from({ length: connections }, (_, n) => listen(`${house.url}/app/live`, n, heard)),
  );
  const pages: Page[] = [];
  for (let n = 0; n < browsers; n += 1) {
    pages.push(await watch(browser, house.url, connections + n, heard));
  }
  const times: LiveTimes = { arrived: [], visible: [], missed: 0 };
  const items = [...house.live];
  for (let n = 0; n < changes; n += 1) {
    const [sku = "", item = ""] = items[n % items.length] ?? [];
    const begun = Date.now();
    const ats = await change(house, item, n);
    await heard.everywhere(`${sku}=${ats}`, connections + browsers, PATIENCE_MS);
    const at = heard.of(`${sku}=${ats}`);
    times.missed += connections + browsers - at.size;
    for (const [who, when] of at) {
      (who < connections ? times.arrived : times.visible).push(when - begun);
    }
    await sleep(PAUSE_MS.least + Math.random() * PAUSE_MS.more);
  }
  for (const close of streams) close();
  await Promise.all(pages.map((page) => page.close()));
  return times;
}

async function change({ ledger, shop }: House, item: string, n: number): Promise<number> {
  const name = { shop, item, activity: `bench/${n}`, actor: "bench", reason: "bench" };
  const answer = await ledger.apply({ ...name, type: "receive", location: "MAIN", quantity: 1 });
  if (answer.outcome !== "applied") throw new Error(answer.outcome);
  return availableToSell(answer.stock);
}

/** Who heard which number of which SKU, and when. */
class Heard {
  readonly #times = new Map<string, Map<number, number>>();
  #tell = () => {};

  note(word: string, who: number, at: number): void {
    const times = this.of(word);
    if (times.has(who)) return;
    times.set(who, at);
    this.#tell();
  }

  of(word: string): Map<number, number> {
    const times = this.#times.get(word) ?? new Map<number, number>();
    this.#times.set(word, times);
    return times;
  }

  async everywhere(word: string, pages: number, withinMs: number): Promise<void> {
    if (this.of(word).size >= pages) return;
    await Promise.race([
      sleep(withinMs),
      new Promise<void>((done) => {
        this.#tell = () => this.of(word).size >= pages && done();
      }),
    ]);
  }
}

/** What an open page's script does: one event stream, whose rows are read. */
function listen(url: string, who: number, heard: Heard): Promise<() => void> {
  return new Promise((done, fail) => {
    const request = get(url, { agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const event = text.slice(0, end);
          text = text.slice(end + 2);
          if (event.startsWith("event: ready")) done(() => request.destroy());
          const data = /^event: change\ndata: (.*)$/.exec(event)?.[1];
          if (data === undefined) continue;
          const { rows = [] }: { rows?: { sku: string; ats: number }[] } = JSON.parse(data);
          for (const { sku, ats } of rows) heard.note(`${sku}=${ats}`, who, Date.now());
        }
      });
    });
    // Ended by us, when all is measured.
    request.on("error", fail);
  });
}

/** A real page, which says when a number is in its document. */
async function watch(browser: Browser, url: string, who: number, heard: Heard): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.exposeFunction("heard", (word: string, at: number) => heard.note(word, who, at));
  await page.goto(`${url}/app/items`, { waitUntil: "load" });
  await page.getByRole("row").filter({ hasText: "A-LIVE-00" }).waitFor();
  await page.evaluate(() => {
    const look = () => {
      for (const row of document.querySelectorAll("tbody tr")) {
        const sku = row.querySelector("th a")?.textContent ?? "";
        const ats = row.querySelectorAll("td")[3]?.textContent?.replace(/\D/g, "") ?? "";
        const heard = Reflect.get(window, "heard") as (word: string, at: number) => void;
        if (sku.startsWith("A-LIVE")) heard(`${sku}=${ats}`, Date.now());
      }
    };
    new MutationObserver(look).observe(document.body, {
      ...{ subtree: true, childList: true, characterData: true },
    });
  });
  return page;
}
