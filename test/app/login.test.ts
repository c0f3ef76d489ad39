import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hashPassword, isPassword } from "../../app/access/password.ts";
import { loginGate } from "../../app/gate.ts";
import { hashOf } from "../../prisma/handed-out.ts";
import { createPasswordLink } from "../../prisma/password-links.ts";
import { addPerson, changePerson, setPassword } from "../../prisma/people.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { builtPages } from "../support/build.ts";
import { DEMO, startWorld, type World } from "./world.ts";

const PASSWORD = "four words are fine";
const HOUR = 3_600_000;

let world: World;
let hash: string;
let clock = Date.now();

beforeAll(async () => {
  const gate = ({ db, now }: World["services"]) => loginGate(db, DEMO, now);
  world = await startWorld({ gate, pages: await builtPages(), services: { now: () => clock } });
  hash = await hashPassword(PASSWORD);
}, 180_000);

beforeEach(async () => {
  clock = Date.now();
  await world.services.db.loginTries.deleteMany();
  await world.services.db.person.deleteMany();
});

afterAll(() => world.stop());

/** Somebody who has chosen a password. */
async function person(email: string, role: "owner" | "warehouse" = "owner", shop = world.shop.id) {
  const { db } = world.services;
  const id = (await addPerson(db, shop, { name: email.split("@")[0] ?? "", email, role })) ?? "";
  await setPassword(db, shop, id, hash);
  return id;
}

/** As if somebody had tried so often just now. */
async function tried(subject: string, tries: number): Promise<void> {
  const { db } = world.services;
  const row = { shopId: world.shop.id, subject: hashOf(subject), tries, since: new Date(clock) };
  await db.loginTries.create({ data: row });
}

interface Answer {
  status: number;
  location: string | null;
  cookie: string;
  setCookie: string;
  text: string;
}

/** A browser without a screen: it keeps the cookie it is given. */
async function ask(path: string, fields?: Record<string, string>, cookie = ""): Promise<Answer> {
  const response = await fetch(world.url + path, {
    ...{ method: fields ? "POST" : "GET", redirect: "manual" },
    headers: { Cookie: cookie, Origin: world.url },
    body: fields && new URLSearchParams(fields),
  });
  const setCookie = response.headers.get("Set-Cookie") ?? "";
  return {
    ...{ status: response.status, location: response.headers.get("Location"), setCookie },
    ...{ cookie: setCookie.split(";")[0] ?? "", text: await response.text() },
  };
}

const logIn = (email: string, password = PASSWORD, to = "") =>
  ask("/login", { email, password, to });

describe("G: logging in", () => {
  test("who is not logged in is asked to, and led back to the page that was asked for", async () => {
    await person("ada@example.com");
    const away = await ask("/app/buffers?x=1");
    expect(away.location).toBe("/login?to=%2Fapp%2Fbuffers%3Fx%3D1");
    const back = await logIn("Ada@Example.com ", PASSWORD, "/app/buffers?x=1");
    expect(back).toMatchObject({ status: 302, location: "/app/buffers?x=1" });
    expect((await ask("/app/buffers", undefined, back.cookie)).status).toBe(200);
    expect((await logIn("ada@example.com", PASSWORD, "//evil.example")).location).toBe("/app");
  });

  test("the cookie is out of reach of scripts and other sites, and kept as a hash", async () => {
    await person("ada@example.com");
    const { setCookie, cookie } = await logIn("ada@example.com");
    expect(setCookie).toMatch(/HttpOnly/);
    expect(setCookie).toMatch(/SameSite=Lax/);
    expect(setCookie).not.toMatch(/Secure/);
    const secret: string = JSON.parse(atob(decodeURIComponent(cookie.split("=")[1] ?? "")));
    const stored = JSON.stringify([
      await world.services.db.signIn.findMany(),
      await world.services.db.person.findMany(),
    ]);
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(PASSWORD);
    const [{ publicUrl }] = [world.services];
    world.services.publicUrl = "https://ballast.example";
    expect((await logIn("ada@example.com")).setCookie).toMatch(/Secure/);
    world.services.publicUrl = publicUrl;
  });

  test("nobody learns from an answer who has an account", async () => {
    await person("ada@example.com");
    const disabled = await person("off@example.com");
    await addPerson(world.services.db, world.shop.id, {
      ...{ name: "Invited", email: "new@example.com", role: "owner" },
    });
    await changePerson(world.services.db, world.shop.id, disabled, { disabled: true }, new Date());
    const other = await ensureShop(world.services.db, "other.example", "Other");
    await person("theirs@example.com", "owner", other.id);
    const said = async (email: string, password = PASSWORD) => {
      const { status, cookie, text } = await logIn(email, password);
      return { status, cookie, says: /The e-mail address or the password[^<"]*/.exec(text)?.[0] };
    };
    const wrong = await said("ada@example.com", "something else here");
    expect(wrong).toMatchObject({ cookie: "", says: expect.stringContaining("is not right") });
    for (const email of ["no", "off", "new", "theirs"]) {
      expect(await said(`${email}@example.com`)).toEqual(wrong);
    }
  });

  test("guessing ends after ten tries, for known and unknown accounts alike", async () => {
    await person("ada@example.com");
    for (const email of ["ada@example.com", "nobody@example.com"]) {
      await tried(`account ${email}`, 8);
      const tries = Array.from({ length: 3 }, () => logIn(email, "a wrong guess"));
      const said = (await Promise.all(tries)).map(({ text }) => /Too many tries/.test(text));
      expect(said.filter(Boolean)).toHaveLength(1);
    }
    expect((await logIn("ada@example.com")).cookie).toBe("");
    clock += HOUR / 4 + 1_000;
    expect((await logIn("ada@example.com")).cookie).not.toBe("");
  });

  test("one address cannot try many accounts", async () => {
    for (const address of ["127.0.0.1", "::ffff:127.0.0.1"]) await tried(`address ${address}`, 50);
    expect((await logIn("fresh@example.com")).text).toContain("Too many tries");
  });
});

describe("G: being logged in", () => {
  test("it ends when it is not used, and after a fortnight in any case", async () => {
    await person("ada@example.com");
    const start = clock;
    const { cookie } = await logIn("ada@example.com");
    const status = async () => (await ask("/app", undefined, cookie)).status;
    clock = start + 11 * HOUR;
    expect(await status()).toBe(200);
    clock = start + 22 * HOUR;
    expect(await status()).toBe(200);
    clock = start + 35 * HOUR;
    expect(await status()).toBe(302);
    const again = await logIn("ada@example.com");
    await world.services.db.signIn.updateMany({
      data: { lastUsedAt: new Date(clock + 400 * HOUR) },
    });
    clock += 14 * 24 * HOUR + 1_000;
    expect((await ask("/app", undefined, again.cookie)).status).toBe(302);
  });

  test("logging out ends this browser's login; everywhere ends all of one's own", async () => {
    await person("ada@example.com");
    await person("bob@example.com");
    const [one, two] = [await logIn("ada@example.com"), await logIn("ada@example.com")];
    const bob = await logIn("bob@example.com");
    const out = await ask("/logout", {}, one.cookie);
    expect(out).toMatchObject({ status: 302, location: "/login" });
    expect(out.setCookie).toMatch(/Max-Age=0/);
    expect((await ask("/app", undefined, one.cookie)).status).toBe(302);
    expect((await ask("/app", undefined, two.cookie)).status).toBe(200);
    const three = await logIn("ada@example.com");
    await ask("/logout", { everywhere: "yes" }, three.cookie);
    expect((await ask("/app", undefined, two.cookie)).status).toBe(302);
    expect((await ask("/app", undefined, bob.cookie)).status).toBe(200);
  });

  test("a password is changed by who knows it; every other browser is logged out", async () => {
    await person("ada@example.com");
    const [here, there] = [await logIn("ada@example.com"), await logIn("ada@example.com")];
    const fields = { current: PASSWORD, password: "a better password", again: "a better password" };
    const wrong = await ask("/app/account", { ...fields, current: "guess" }, here.cookie);
    expect(wrong.text).toContain("not your present password");
    const short = { ...fields, password: "short", again: "short" };
    expect((await ask("/app/account", short, here.cookie)).text).toContain("at least 12");
    expect((await ask("/app/account", fields, here.cookie)).text).toContain("log in");
    expect((await ask("/app", undefined, there.cookie)).status).toBe(302);
    expect((await ask("/app", undefined, here.cookie)).status).toBe(200);
    expect((await logIn("ada@example.com")).cookie).toBe("");
    expect((await logIn("ada@example.com", "a better password")).cookie).not.toBe("");
  });

  test("live events, forms and another site's form need a login too", async () => {
    const headers = { Accept: "text/event-stream" };
    expect((await fetch(`${world.url}/app/live`, { headers })).status).toBe(401);
    expect((await ask("/app/buffers", { intent: "remove" })).location).toBe("/login?to=%2Fapp");
    await person("ada@example.com");
    const { cookie } = await logIn("ada@example.com");
    const foreign = await fetch(`${world.url}/app/buffers`, {
      ...{ method: "POST", body: new URLSearchParams() },
      headers: { Cookie: cookie, Origin: "https://evil.example" },
    });
    expect(foreign.status).toBe(403);
  });
});

describe("G: links", () => {
  const join = (link: string, more: Record<string, string> = {}) =>
    ask(`/join?link=${link}`, { name: "Ada L", password: PASSWORD, again: PASSWORD, ...more });

  test("an owner invites, the link works once, and then the person is logged in", async () => {
    await person("ada@example.com");
    const { cookie } = await logIn("ada@example.com");
    const fields = { intent: "invite", name: "Wim", email: "Wim@example.com", role: "warehouse" };
    const made = await ask("/app/settings/team", fields, cookie);
    const [, link = ""] = /\/join\?link=([\w-]+)/.exec(made.text) ?? [];
    expect(JSON.stringify(await world.services.db.passwordLink.findMany())).not.toContain(link);
    expect((await ask(`/join?link=${link}`)).text).toContain("wim@example.com");
    expect((await join(link, { again: "not the same one" })).text).toContain("not the same");
    expect(
      (await join(link, { password: "wim@example.com", again: "wim@example.com" })).text,
    ).toContain("not your e-mail");
    const both = await Promise.all([join(link), join(link)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 302]);
    const wim = both.find(({ status }) => status === 302)?.cookie ?? "";
    expect((await ask("/app", undefined, wim)).text).toContain("Ada L");
    expect((await ask("/app/settings/team", undefined, wim)).status).toBe(403);
    expect((await ask("/app/settings/team", fields, wim)).status).toBe(403);
    expect((await join(link)).text).toContain("This link is over");
    const twice = await ask("/app/settings/team", fields, cookie);
    expect(twice.text).toContain("has this address already");
  });

  test("a link is over after a week, when a newer one was made, and for who is disabled", async () => {
    const { db } = world.services;
    const id = await person("ada@example.com");
    const first = await createPasswordLink(db, world.shop.id, id, new Date(clock));
    const second = await createPasswordLink(db, world.shop.id, id, new Date(clock));
    expect((await ask(`/join?link=${first}`)).text).toContain("This link is over");
    clock += 7 * 24 * HOUR + 1_000;
    expect((await join(second)).text).toContain("This link is over");
    const third = await createPasswordLink(db, world.shop.id, id, new Date(clock));
    await person("other@example.com");
    await changePerson(db, world.shop.id, id, { disabled: true }, new Date(clock));
    expect((await join(third)).text).toContain("This link is over");
    const other = await ensureShop(db, "other.example", "Other");
    const theirs = await person("theirs@example.com", "owner", other.id);
    const elsewhere = await createPasswordLink(db, other.id, theirs, new Date(clock));
    expect((await join(elsewhere)).text).toContain("This link is over");
  });
});

describe("G: the last owner", () => {
  const change = (id: string, intent: string, cookie: string, role = "operations") =>
    ask("/app/settings/team", { intent, person: id, role }, cookie);

  test("cannot be taken out, not even by two at once; one who is only invited does not count", async () => {
    const { db } = world.services;
    const ada = await person("ada@example.com");
    const { cookie } = await logIn("ada@example.com");
    await addPerson(db, world.shop.id, { name: "N", email: "n@example.com", role: "owner" });
    for (const intent of ["role", "disable"]) {
      expect((await change(ada, intent, cookie)).text).toContain("Nobody else could let people in");
    }
    const bob = await person("bob@example.com");
    const bobs = await logIn("bob@example.com");
    await Promise.all([change(bob, "role", cookie), change(ada, "disable", bobs.cookie)]);
    const owners = { role: "owner", disabledAt: null, passwordHash: { not: null } } as const;
    expect(await db.person.count({ where: { shopId: world.shop.id, ...owners } })).toBe(1);
  });

  test("who is disabled is out at once, and a role holds from the next click on", async () => {
    await person("ada@example.com");
    const wim = await person("wim@example.com", "warehouse");
    const [ada, wims] = [await logIn("ada@example.com"), await logIn("wim@example.com")];
    expect((await ask("/app/buffers", undefined, wims.cookie)).status).toBe(403);
    await change(wim, "role", ada.cookie, "operations");
    expect((await ask("/app/buffers", undefined, wims.cookie)).status).toBe(200);
    await change(wim, "disable", ada.cookie);
    expect((await ask("/app/buffers", undefined, wims.cookie)).status).toBe(302);
    await change(wim, "enable", ada.cookie);
    expect((await ask("/app/buffers", undefined, wims.cookie)).status).toBe(302);
  });

  test("another shop's people are out of reach", async () => {
    const { db } = world.services;
    await person("ada@example.com");
    const other = await ensureShop(db, "other.example", "Other");
    const theirs = await person("theirs@example.com", "owner", other.id);
    const { cookie } = await logIn("ada@example.com");
    for (const intent of ["role", "disable", "link"]) {
      expect((await change(theirs, intent, cookie)).text).toContain("cannot be changed any more");
    }
    expect((await ask("/app/settings/team", undefined, cookie)).text).not.toContain("theirs@");
    const row = await db.person.findUniqueOrThrow({ where: { id: theirs } });
    expect(row).toMatchObject({ role: "owner", disabledAt: null });
  });
});

test("a password is recognised however its letters are composed, and nothing else is", async () => {
  const stored = await hashPassword("Käse und Brot 1");
  expect(await isPassword("Ka\u0308se und Brot 1", stored)).toBe(true);
  expect(await isPassword("Kase und Brot 1", stored)).toBe(false);
  expect(await isPassword("", null)).toBe(false);
  expect(await hashPassword("Käse und Brot 1")).not.toBe(stored);
});
