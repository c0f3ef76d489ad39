import { Agent, get } from "node:http";

/** Ways a merchant asks for items: searches that find all, many, few and none, and every order. */
const ADDRESSES = [
  ...["", "?sort=-sku", "?sort=title", "?sort=-title", "?sort=available", "?sort=-available"],
  ...["?sort=on-hand", "?sort=-on-hand", "?sort=-moved", "?sort=moved", "?size=25", "?size=100"],
  ...["?q=jacket", "?q=waxed+navy", "?q=JAC-1", "?q=99817", "?q=no+such+thing", "?q=40000001"],
  ...["?q=sh", "?q=olive+no.+7&sort=available", "?q=teal&sort=-moved", "?q=o"],
  ...["?show=oversold", "?show=out", "?show=low", "?show=low&below=50", "?show=late"],
  ...["?show=failing", "?show=drifting", "?show=unlisted", "?show=attention"],
  ...["?show=out&q=mug", "?show=low&sort=available", "?show=unlisted&sort=available"],
  ...["?category=Category+07", "?category=Category+07&sort=available&q=wool"],
];

/** Pages turned after each of these. */
const TURNED = 3;

export interface Timed {
  address: string;
  ms: number;
}

/**
 * Times whole answers of the Items page, one after the other, first byte to last: the queries, the
 * server's rendering and the way over loopback. Rounds after the first one, which warms up.
 */
export async function timeItemsPage(url: string, rounds: number): Promise<Timed[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const timed: Timed[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    for (const address of ADDRESSES) {
      let at = address;
      for (let turn = 0; turn <= TURNED; turn += 1) {
        const begun = performance.now();
        const page = await read(`${url}/app/items${at}`, agent);
        if (round > 0) timed.push({ address: at, ms: performance.now() - begun });
        const next = nextOf(page);
        if (next === undefined) break;
        at = `${address === "" ? "?" : `${address}&`}after=${next}`;
      }
    }
  }
  agent.destroy();
  return timed;
}

/** The cursor of the next page, as the page's own data have it. */
function nextOf(page: string): string | undefined {
  return /next\\",\\"([\w-]{8,})\\"/.exec(page)?.[1];
}

function read(url: string, agent: Agent): Promise<string> {
  return new Promise((done, fail) => {
    get(url, { agent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        if (response.statusCode === 200) done(text);
        else fail(new Error(`${url}: ${response.statusCode}`));
      });
    }).on("error", fail);
  });
}
