import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loginGate } from "../../app/gate.ts";
import { createPasswordLink } from "../../prisma/password-links.ts";
import { addPerson } from "../../prisma/people.ts";
import { DEMO, startWorld, type World } from "../app/world.ts";
import {
  axeBreaches,
  PATIENCE_MS,
  startBrowser,
  type Visitor,
  visitor,
  WIDTHS,
  windows,
} from "../support/browser.ts";
import { builtPages } from "../support/build.ts";

const PASSWORD = "four words are fine";

let world: World;
let browser: Browser;
/** The owner's browser, and the one of whom she invites. */
let ada: Visitor;
let wim: Visitor;
const contexts: BrowserContext[] = [];

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

beforeAll(async () => {
  const pages = await builtPages();
  world = await startWorld({ pages, gate: ({ db, now }) => loginGate(db, DEMO, now) });
  await world.stock("CAP", 5);
  browser = await startBrowser();
  for (let at = 0; at < 2; at++) contexts.push(await windows(browser, 1280));
  [ada, wim] = (await Promise.all(contexts.map(visitor))) as [Visitor, Visitor];
}, 180_000);

afterAll(async () => {
  await browser.close();
  await world.stop();
});

async function fits({ page }: Visitor): Promise<void> {
  for (const width of [...WIDTHS].reverse()) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `nothing sticks out at ${width}`).toBe(0);
    expect(await axeBreaches(page)).toEqual([]);
  }
}

async function logIn({ page }: Visitor, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

test("G: the first owner chooses a password with a link, and is in", async () => {
  const { db } = world.services;
  const who = { name: "ada", email: "ada@example.com", role: "owner" } as const;
  const id = (await addPerson(db, world.shop.id, who)) ?? "";
  await ada.page.goto(`${world.url}/app`);
  await ada.page.getByText("Nobody can log in yet").waitFor();
  await fits(ada);
  const link = await createPasswordLink(db, world.shop.id, id, new Date());
  await ada.page.goto(`${world.url}/join?link=${link}`);
  await ada.page.getByLabel("Your name").fill("Ada");
  await ada.page.getByLabel("New password").fill("short");
  await ada.page.getByLabel("The same again").fill("short");
  await ada.page.getByRole("button", { name: "Join" }).click();
  await ada.page.getByText("Choose a password of at least 12 characters").waitFor();
  await fits(ada);
  await ada.page.getByLabel("New password").fill(PASSWORD);
  await ada.page.getByLabel("The same again").fill(PASSWORD);
  await ada.page.getByRole("button", { name: "Join" }).click();
  await ada.page.getByRole("button", { name: "Ada Owner" }).waitFor();
});

test("G: an owner invites a warehouse; the link is shown once and lets him in", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: "Ada Owner" }).click();
  await page.getByRole("menuitem", { name: "Team" }).click();
  await page.getByLabel("Name").fill("Wim");
  await page.getByLabel("E-mail address").fill("wim@example.com");
  await page.getByTestId("invite").getByLabel("Role").selectOption("warehouse");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  const link = await page.getByLabel("Link", { exact: true }).inputValue();
  await page.getByRole("table", { name: "People" }).getByText("wim@example.com").waitFor();
  await fits(ada);
  await page.reload();
  await page.getByRole("table", { name: "People" }).waitFor();
  expect(await page.getByLabel("Link", { exact: true }).count()).toBe(0);
  await wim.page.goto(link);
  await wim.page.getByText("You were invited as Warehouse.").waitFor();
  await wim.page.getByLabel("New password").fill(PASSWORD);
  await wim.page.getByLabel("The same again").fill(PASSWORD);
  await wim.page.getByRole("button", { name: "Join" }).click();
  await wim.page.getByRole("button", { name: "Wim Warehouse" }).waitFor();
});

test("G: a warehouse sees its own pages only, moves stock under its name, and is refused the rest", async () => {
  const { page } = wim;
  await page.getByRole("link", { name: "Overview" }).first().waitFor();
  expect(await page.getByRole("link", { name: "Buffers" }).count()).toBe(0);
  await page.goto(`${world.url}/app/items/CAP`);
  await page.getByLabel("Units", { exact: true }).fill("3");
  await page.getByLabel("Reason").fill("delivery");
  await page.getByRole("button", { name: "Receive" }).click();
  await page.getByText(/Recorded as movement \d+/).waitFor();
  const moved = await world.services.db.movement.findFirst({ where: { reason: "delivery" } });
  const person = await world.services.db.person.findFirstOrThrow({ where: { name: "Wim" } });
  expect(moved?.actor).toBe(`person:${person.id}`);
  await page.getByRole("row").filter({ hasText: "delivery" }).getByText("Wim").waitFor();
  expect(wim.complaints).toEqual([]);
  await page.goto(`${world.url}/app/buffers`);
  await page.getByText("Your role, Warehouse, may not see buffers.").waitFor();
  await fits(wim);
  const { db } = world.services;
  const rule = await db.bufferRule.create({
    data: { shopId: world.shop.id, kind: "percent", value: 50 },
  });
  const form = { intent: "remove", rule: rule.id };
  const posted = await page.request.post(`${world.url}/app/buffers`, { form });
  expect(posted.status()).toBe(403);
  expect(await db.bufferRule.count()).toBe(1);
});

test("G: a wrong password lets nobody in, and logging out is the end of it", async () => {
  const { page } = wim;
  await page.goto(`${world.url}/app`);
  await page.getByRole("button", { name: "Wim Warehouse" }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await logIn(wim, "wim@example.com", "not this one at all");
  await page.getByText("The e-mail address or the password is not right.").waitFor();
  await page.goto(`${world.url}/app`);
  await page.getByRole("heading", { name: /^Log in to/ }).waitFor();
  await logIn(wim, "wim@example.com");
  await page.getByRole("button", { name: "Wim Warehouse" }).waitFor();
});

test("G: the last owner cannot give it up; a role given to another holds at once", async () => {
  const { page } = ada;
  await page.getByLabel("Role of Ada").selectOption("read-only");
  await page.getByText("Nobody else could let people in").waitFor();
  await page.getByLabel("Role of Wim").selectOption("owner");
  await page.getByText("Wim is Owner now.").waitFor();
  await wim.page.goto(`${world.url}/app/buffers`);
  await wim.page.getByRole("heading", { name: "Buffers" }).waitFor();
  await page.getByRole("button", { name: "Disable Wim" }).click();
  await page.getByText("Wim is logged out everywhere").waitFor();
  await wim.page.goto(`${world.url}/app`);
  await wim.page.getByRole("heading", { name: /^Log in to/ }).waitFor();
});

test("G: one changes one's own password, and logs out everywhere", async () => {
  const { page } = ada;
  await page.goto(`${world.url}/app/account`);
  await fits(ada);
  await page.getByLabel("Present password").fill(PASSWORD);
  await page.getByLabel("New password").fill("another four words");
  await page.getByLabel("The same again").fill("another four words");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Password changed.").waitFor();
  await page.getByRole("button", { name: "Log out everywhere" }).click();
  await page.getByRole("heading", { name: /^Log in to/ }).waitFor();
  expect(ada.complaints).toEqual([]);
});
