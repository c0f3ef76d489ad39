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
];

export const WIDTHS = [1280, 390] as const;

export async function startBrowser(): Promise<Browser> {
  const executablePath = onPath("chromium", "chromium-browser", "google-chrome");
  if (!executablePath) throw new Error("no Chromium on the PATH (Debian: chromium)");
  return chromium.launch({ executablePath, args: FLAGS });
}

export interface Visitor {
  page: Page;
  /** What went wrong in the browser: console errors, exceptions, requests that failed. */
  complaints: string[];
  close(): Promise<void>;
}

/** A merchant in front of a window of this width. */
export async function visitor(browser: Browser, width: number): Promise<Visitor> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, complaints, close: () => context.close() };
}

/** Breaches of WCAG 2.2 AA that axe finds, one line each. */
export async function axeBreaches(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`),
  );
}
