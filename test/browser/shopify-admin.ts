import { createHmac } from "node:crypto";
import type { BrowserContext, FrameLocator, Page } from "playwright-core";

/*
 * Shopify's admin as far as an embedded app can tell: a page on its own address that shows the app
 * in a frame, and what App Bridge does between the two. It draws the app's navigation, toasts, save
 * bar and modals outside the frame, hands out session tokens, and puts them into requests.
 * https://shopify.dev/docs/api/app-bridge-library
 */

export const ADMIN = "https://admin.shopify.com";
const APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js";
/** Shopify's library takes a headless browser for a robot, and shows it nothing. */
export const PLAIN_BROWSER =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36";

export interface Claims {
  shop: string;
  apiKey: string;
  secret: string;
  user: string;
}

/** What App Bridge hands out: a JWT, signed with the app's secret, that lives for a minute. */
export function sessionToken({ shop, apiKey, secret, user }: Claims): string {
  const now = Math.floor(Date.now() / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    ...{ iss: `https://${shop}/admin`, dest: `https://${shop}`, aud: apiKey, sub: user },
    ...{ exp: now + 60, nbf: now - 5, iat: now - 5, jti: "token", sid: "session" },
  };
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

/** Where the admin opens a page of the app in its frame. */
export function framedAddress(appUrl: string, path: string, claims: Claims): string {
  const { shop } = claims;
  const store = shop.replace(".myshopify.com", "");
  const host = Buffer.from(`admin.shopify.com/store/${store}`).toString("base64");
  const query = { embedded: "1", shop, host, id_token: sessionToken(claims) };
  return `${appUrl}${path}?${new URLSearchParams(query)}`;
}

/** A merchant's admin with the app open in it. */
export interface Admin {
  page: Page;
  app: FrameLocator;
  /** Who App Bridge says is there, from now on. */
  claims: Claims;
  /** Opens a page of the app. */
  open(path: string): Promise<void>;
}

export async function openAdmin(
  newContext: (options: { userAgent: string }) => Promise<BrowserContext>,
  appUrl: string,
  claims: Claims,
): Promise<Admin> {
  const context = await newContext({ userAgent: PLAIN_BROWSER });
  const page = await context.newPage();
  const admin: Admin = { page, app: page.frameLocator("#app"), claims, open };
  const store = claims.shop.replace(".myshopify.com", "");
  async function open(path: string): Promise<void> {
    const src = framedAddress(appUrl, path, admin.claims);
    await page.goto(`${ADMIN}/store/${store}/apps/ballast?${new URLSearchParams({ src })}`);
  }
  await context.exposeFunction("mintToken", () => sessionToken(admin.claims));
  const html = { contentType: "text/html", body: ADMIN_PAGE };
  await context.route(`${ADMIN}/**`, (route) => route.fulfill(html));
  const script = { contentType: "text/javascript", body: `(${appBridge})()` };
  await context.route(APP_BRIDGE, (route) => route.fulfill(script));
  return admin;
}

const ADMIN_PAGE = `<!doctype html><html lang="en"><title>Shopify admin</title>
<nav aria-label="App"></nav><div role="status" id="toasts"></div>
<div role="group" aria-label="Save bar"></div><div role="dialog" aria-label="Modal"></div>
<iframe id="app" title="App" style="width:100%;height:700px;border:0"></iframe>
<script>(${adminScript})()</script></html>`;

/** Runs in the admin's page: draws what App Bridge tells, and tells what is pressed. */
function adminScript(): void {
  const frame = document.querySelector("iframe") as HTMLIFrameElement;
  frame.src = new URLSearchParams(location.search).get("src") ?? "";
  const say = (message: object) => frame.contentWindow?.postMessage(message, "*");
  const draw = (place: string, words: string[], word: (text: string) => object) => {
    const buttons = words.map((text) => {
      const button = document.createElement("button");
      button.textContent = text;
      button.onclick = () => say(word(text));
      return button;
    });
    document.querySelector(place)?.replaceChildren(...buttons);
  };
  addEventListener("message", ({ data }) => {
    if (data.toast) document.querySelector("#toasts")?.append(`${data.toast} `);
    if (data.nav) draw("nav", data.nav, (text) => ({ go: text }));
    if (data.bar) draw("[aria-label='Save bar']", data.bar, (press) => ({ press, in: "bar" }));
    if (data.modal) draw("[role=dialog]", data.modal, (press) => ({ press, in: "modal" }));
  });
}

/** Runs in the app's frame instead of Shopify's script. */
function appBridge(): void {
  const tell = (message: object) => window.parent.postMessage(message, "*");
  const idToken = () => (window as never as { mintToken(): Promise<string> }).mintToken();
  const real = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin === location.origin) {
      request.headers.set("Authorization", `Bearer ${await idToken()}`);
    }
    return real(request);
  };
  const toast = { show: (text: string) => tell({ toast: text }) };
  // Answers when the merchant presses what the admin asks him with.
  let leave = () => {};
  const leaveConfirmation = () =>
    new Promise<void>((done) => {
      leave = done;
      tell({ modal: ["Leave page"] });
    });
  Object.assign(window, { shopify: { idToken, toast, saveBar: { leaveConfirmation } } });
  const labels = (element: Element) =>
    [...element.querySelectorAll("a, button")].map((one) => one.textContent ?? "");
  const find = (within: string, text: string) =>
    [...document.querySelectorAll(`${within} a, ${within} button`)].find(
      (one) => one.textContent === text,
    );
  customElements.define(
    "ui-nav-menu",
    class extends HTMLElement {
      connectedCallback() {
        this.style.display = "none";
        const read = () => tell({ nav: labels(this) });
        new MutationObserver(read).observe(this, { childList: true, subtree: true });
        setTimeout(read);
      }
    },
  );
  const overlay = (kind: "bar" | "modal") =>
    class extends HTMLElement {
      content = document.createElement("div");
      connectedCallback() {
        this.style.display = "none";
        this.content.hidden = true;
        document.body.append(this.content);
      }
      disconnectedCallback() {
        this.content.remove();
      }
      show() {
        this.content.hidden = false;
        // Its buttons may still be on their way into the page.
        setTimeout(() => tell({ [kind]: labels(this) }));
        this.dispatchEvent(new Event("show"));
      }
      hide() {
        this.content.hidden = true;
        tell({ [kind]: [] });
        this.dispatchEvent(new Event("hide"));
      }
    };
  customElements.define("ui-save-bar", overlay("bar"));
  customElements.define("ui-modal", overlay("modal"));
  addEventListener("message", ({ data }) => {
    const navigate = new Event("shopify:navigate", { bubbles: true });
    if (data.go) find("ui-nav-menu", data.go)?.dispatchEvent(navigate);
    if (data.press === "Leave page") leave();
    const within = data.in === "bar" ? "ui-save-bar" : "ui-modal";
    if (data.press) (find(within, data.press) as HTMLElement | undefined)?.click();
  });
}
