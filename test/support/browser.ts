import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { onPath } from "../../scripts/services/paths.ts";

/** Chromium as a test needs it: no sandbox for root, no calls home. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Shopify's admin, which a test plays, has a public name; the app in its frame is on this machine.
  "--disable-features=LocalNetworkAccessChecks",
];

export const WIDTHS = [1280, 390] as const;

/** A wide desk: checked for what sticks out, which is all that differs from 1280. */
export const WIDE = 1920;

export async function startBrowser(): Promise<Browser> {
  const executablePath = onPath("chromium", "chromium-browser", "google-chrome");
  if (!executablePath) throw new Error("no Chromium on the PATH (Debian: chromium)");
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Windows of this width that share what they have loaded, as a merchant's do. */
export async function windows(browser: Browser, width: number): Promise<BrowserContext> {
  const viewport = { width, height: 900 };
  const context = await browser.newContext({ viewport, locale: "en-GB", timezoneId: "UTC" });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/** Far more than a page takes: a test waits for what it names, on however busy a machine. */
export const PATIENCE_MS = 90_000;

export interface Visitor {
  page: Page;
  /** What went wrong in the browser: console errors, exceptions, requests that failed. */
  complaints: string[];
}

/** A merchant in front of a new window, who touches a page when it answers, and not its picture. */
export async function visitor(context: BrowserContext): Promise<Visitor> {
  const page = await context.newPage();
  const goto = page.goto.bind(page);
  page.goto = async (...address) => {
    const response = await goto(...address);
    // Pages that are not the app's (a marketplace's consent, the sandbox) are what they are.
    await page.waitForFunction(
      () => !("__remixContext" in window) || "ready" in document.documentElement.dataset,
    );
    return response;
  };
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, complaints };
}

/** Breaches of WCAG 2.2 AA that axe finds, one line each. */
export async function axeBreaches(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`),
  );
}

/** What a page shows that moved by itself, with how far: browsers call 0.1 in all a bad page. */
export async function layoutShifts(page: Page): Promise<{ sum: number; moved: string[] }> {
  return page.evaluate(async () => {
    interface Shift extends PerformanceEntry {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
    }
    const shifts: Shift[] = [];
    const observer = new PerformanceObserver((list) => {
      shifts.push(...(list.getEntries() as Shift[]).filter((shift) => !shift.hadRecentInput));
    });
    observer.observe({ type: "layout-shift", buffered: true });
    // What was buffered is told at the next turn of the browser's own loop.
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    observer.disconnect();
    const moved = shifts.flatMap(({ value, startTime, sources }) =>
      sources.map(({ node, previousRect, currentRect }) => {
        const what = node instanceof Element ? `${node.tagName}.${node.className}` : "text";
        const [from, to] = [previousRect, currentRect].map(({ x, y }) => `${x},${y}`);
        return `${value.toFixed(3)} at ${startTime.toFixed()} ms: ${what} ${from} -> ${to}`;
      }),
    );
    return { sum: shifts.reduce((sum, { value }) => sum + value, 0), moved };
  });
}
