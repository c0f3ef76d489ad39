import type { MarketOrder } from "../../sandbox/market.ts";
import { SHOPIFY_SANDBOX } from "./account.ts";
import type { ShopifyState, StorefrontSettings } from "./state.ts";
import type { StorefrontCart } from "./storefront-cart.ts";
import { escaped, renderEmbed } from "./theme-block.ts";

/** In front of every path: a browser reaches the sandbox under its own address. */
export const AT = `/at/${SHOPIFY_SANDBOX.account}`;

const STYLE = `
  :root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 56rem; padding: 1rem 1rem 5rem; color: #1f2124; }
  header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: baseline; }
  header a:first-child { font-size: 1.3rem; font-weight: 650; text-decoration: none; }
  a { color: #0b5cad; } h1 { font-size: 1.5rem; }
  ul.shelf { list-style: none; padding: 0; display: grid; gap: 1rem;
    grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); }
  ul.shelf li { border: 1px solid #d5d7da; border-radius: 0.6rem; padding: 1rem; }
  table { border-collapse: collapse; width: 100%; } th, td { padding: 0.5rem; text-align: left; }
  td, th { border-bottom: 1px solid #e3e4e6; }
  button { font: inherit; padding: 0.45rem 0.9rem; border-radius: 0.5rem; cursor: pointer;
    border: 1px solid #1f2124; background: #1f2124; color: #fff; }
  button.plain { background: #fff; color: #1f2124; } input { font: inherit; width: 5rem; }
  fieldset { margin-top: 3rem; border: 1px dashed #8a8d91; border-radius: 0.6rem; }
  .muted { color: #5b5e62; } .row { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; }
  .aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  [role=status]:not(:empty) { margin: 1rem 0; }`;

/** What the theme does by itself: adds and changes by Ajax, as nearly every theme does. */
const THEME = `
  const at = "${AT}";
  const send = (path, body) => fetch(at + path, { method: "POST",
    headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const count = async () => {
    const cart = await (await fetch(at + "/cart.js")).json();
    document.getElementById("count").textContent = cart.item_count;
  };
  document.addEventListener("submit", async (event) => {
    const { variant, change } = event.target.dataset;
    if (!variant) return;
    event.preventDefault();
    const quantity = Number(new FormData(event.target).get("quantity"));
    await send(change ? "/cart/change.js" : "/cart/add.js", { id: Number(variant), quantity });
    if (change) location.reload(); else count();
  });
  document.addEventListener("ballast:changed", () => {
    if (location.pathname.endsWith("/cart")) location.reload(); else count();
  });
  count();`;

function page(state: ShopifyState, title: string, main: string): string {
  const { embed, unsure } = state.storefront;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Sandbox storefront</title><style>${STYLE}</style></head><body>
<header><a href="${AT}/">North Outfitters</a><nav class="row" aria-label="Shop">
<a href="${AT}/cart">Cart (<span id="count">0</span>)</a><a href="/sandbox">Sandbox</a></nav></header>
<main><h1>${escaped(title)}</h1>${main}</main>
${controls(state.storefront)}
${embed ? renderEmbed(AT, { unsure }) : ""}
<script>${THEME}</script></body></html>`;
}

/** What a merchant sets in his theme, and the bad luck. */
function controls({ embed, unsure, appAway }: StorefrontSettings): string {
  const choice = (name: string, value: string, text: string) =>
    `<button class="plain" name="${name}" value="${value}">${text}</button>`;
  return `<form method="post" action="${AT}/storefront-settings"><fieldset>
<legend>Only in the sandbox</legend><div class="row">
<span>The theme extension is <strong>${embed ? "on" : "off"}</strong></span>
${choice("embed", embed ? "off" : "on", embed ? "Turn it off" : "Turn it on")}
<span>When Ballast cannot say: <strong>${unsure === "sell" ? "prefer selling" : "refuse"}</strong></span>
${choice("unsure", unsure === "sell" ? "refuse" : "sell", "Change")}
<span>Ballast is <strong>${appAway ? "away" : "there"}</strong></span>
${choice("appAway", appAway ? "there" : "away", appAway ? "Bring it back" : "Take it away")}
</div></fieldset></form>`;
}

/** What only a screen reader has to be told, because it does not see what stands beside a button. */
const aside = (text: string) => `<span class="aside"> ${escaped(text)}</span>`;

const buyForm = (id: number, title: string) =>
  `<form class="row" data-variant="${id}">
<label>Units${aside(title)} <input name="quantity" type="number" min="1" value="1"></label>
<button>Add to cart${aside(title)}</button></form>`;

export function shelfPage(state: ShopifyState): string {
  const rows = Object.values(state.market.listings).map(
    ({ id, title, displayed }) =>
      `<li><strong><a href="${AT}/products/${id}">${escaped(title)}</a></strong>
<p class="muted">${displayed > 0 ? `${displayed} in stock` : "Sold out"}</p>${buyForm(id, title)}</li>`,
  );
  return page(state, "Everything we have", `<ul class="shelf">${rows.join("")}</ul>`);
}

/** A product by its variant; null when there is none. */
export function productPage(state: ShopifyState, variant: string): string | null {
  const found = Object.values(state.market.listings).find(({ id }) => String(id) === variant);
  if (!found) return null;
  const { id, title, displayed } = found;
  const stock = displayed > 0 ? `${displayed} in stock` : "Sold out";
  return page(state, title, `<p class="muted">${stock}</p>${buyForm(id, title)}`);
}

export function cartPage(state: ShopifyState, cart: StorefrontCart, trouble = ""): string {
  const named = (variant: string) =>
    Object.values(state.market.listings).find(({ id }) => String(id) === variant)?.title ?? variant;
  const form = (variant: string, quantity: number, text: string) => {
    const title = named(variant);
    const units =
      quantity === 0
        ? '<input type="hidden" name="quantity" value="0">'
        : `<label>Units${aside(title)} <input name="quantity" type="number" min="0"
 value="${quantity}"></label>`;
    const button = `<button class="plain">${text}${aside(title)}</button>`;
    return `<form class="row" data-variant="${variant}" data-change="1">${units}${button}</form>`;
  };
  const rows = Object.entries(cart).map(
    ([variant, quantity]) =>
      `<tr><th scope="row">${escaped(named(variant))}</th><td>${form(variant, quantity, "Change")}</td>
<td>${form(variant, 0, "Remove")}</td></tr>`,
  );
  const told = `<p role="status">${escaped(trouble)}</p>`;
  if (rows.length === 0) return page(state, "Your cart", `${told}<p>Your cart is empty.</p>`);
  return page(
    state,
    "Your cart",
    `${told}<table><tbody>${rows.join("")}</tbody></table>
<form method="post" action="${AT}/checkout"><p><button>Check out and pay</button></p></form>`,
  );
}

export function thanksPage(state: ShopifyState, order: MarketOrder): string {
  return page(state, "Thank you", `<p>Order ${order.id} is on its way.</p>`);
}
