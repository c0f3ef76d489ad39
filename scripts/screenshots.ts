import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { onPath, ROOT } from "./services/paths.ts";

/*
 *   node scripts/screenshots.ts http://127.0.0.1:3000
 *
 * Pictures of every page of a running app, as wide as a large desk and as narrow as a phone, into
 * screenshots/.
 */

const WIDTHS = [1920, 1280, 390];
const STEPS = ["start", "channels", "import", "match", "stock", "buffers", "dry-run", "live"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];

const address = process.argv[2];
if (!address) throw new Error("say where the app runs: node scripts/screenshots.ts <address>");
const executablePath = onPath("chromium", "chromium-browser", "google-chrome");
if (!executablePath) throw new Error("no Chromium on the PATH (Debian: chromium)");

const folder = join(ROOT, "screenshots");
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: FLAGS });
for (const width of WIDTHS) await takeAll(browser, address, width);
await browser.close();

async function takeAll(from: Browser, base: string, width: number): Promise<void> {
  const page = await from.newPage({ viewport: { width, height: 900 } });
  const take = async (name: string, path: string) => {
    await open(page, new URL(path, base).href);
    const file = join(folder, `${name}-${width}.png`);
    await page.screenshot({ path: file, fullPage: true });
    process.stdout.write(`${file}\n`);
  };
  await take("overview", "/app");
  await take("items", "/app/items");
  const item = await page.locator("tbody th a").first().getAttribute("href");
  await take("holds", "/app/holds?span=day");
  await take("history", "/app/history");
  await take("items-nothing-found", "/app/items?q=no-such-sku");
  if (item) await take("item", item);
  await take("channels", "/app/channels");
  const channel = page.getByRole("link", { name: /^Details of / }).first();
  const details = (await channel.count()) > 0 ? await channel.getAttribute("href") : null;
  if (details) await take("channel", details);
  await take("listings", "/app/listings");
  for (const step of STEPS) await take(`welcome-${step}`, `/app/welcome?step=${step}`);
  await take("connect", "/app/channels/connect/amazon");
  await take("buffers", "/app/buffers");
  await take("import", "/app/import");
  await take("batches", "/app/batches");
  const batch = page.locator("tbody th a").first();
  const newest = (await batch.count()) > 0 ? await batch.getAttribute("href") : null;
  if (newest) await take("batch", newest);
  await take("dead-letters", "/app/dead-letters");
  await take("team", "/app/settings/team");
  await take("account", "/app/account");
  await take("login", "/login");
  await take("settings", "/app/settings");
  await take("settings-locations", "/app/settings/locations");
  await take("settings-tokens", "/app/settings/tokens");
  await take("settings-webhooks", "/app/settings/webhooks");
  const hook = page.locator('a[href^="/app/settings/webhooks/"]').first();
  const endpoint = (await hook.count()) > 0 ? await hook.getAttribute("href") : null;
  if (endpoint) await take("settings-webhook", endpoint);
  await take("api-docs", "/api/v1/docs");
  await take("not-found", "/app/items/no-such-sku");
  await page.close();
}

/** A live page never falls silent, so "no request for a while" would wait for ever. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(700); // charts draw after they have measured themselves
}
