import { readFileSync } from "node:fs";
import { join } from "node:path";

const EXTENSION = join(import.meta.dirname, "../../../extensions/ballast-cart");

const read = (file: string) => readFileSync(join(EXTENSION, file), "utf8");

/** A file of the theme extension's assets, with its type; null when there is no such file. */
export function assetOf(name: string): { type: string; body: string } | null {
  if (name === "ballast-cart.js") return { type: "text/javascript", body: read(`assets/${name}`) };
  if (name === "ballast-cart.css") return { type: "text/css", body: read(`assets/${name}`) };
  return null;
}

/**
 * The extension's app embed as a theme would render it: its Liquid with the few expressions it has.
 * One that is not known stops the page, so that the block cannot outgrow this unseen.
 * @param at what stands in front of every path of this storefront.
 */
export function renderEmbed(at: string, settings: Record<string, string>): string {
  const locale: unknown = JSON.parse(read("locales/en.default.json"));
  const known: Record<string, string> = {
    "routes.cart_url": `${at}/cart`,
    "routes.cart_update_url": `${at}/cart/update`,
  };
  for (const [name, value] of Object.entries(settings)) known[`block.settings.${name}`] = value;
  const block = read("blocks/cart-holds.liquid")
    .replace(/\{% comment %\}[\s\S]*?\{% endcomment %\}/g, "")
    .replace(/\{% schema %\}[\s\S]*?\{% endschema %\}/g, "")
    .replaceAll(/\{\{ *(?:'([\w.]+)' *\| *t|([\w.]+)) *\}\}/g, (_all, key, name) => {
      const value = key === undefined ? known[name] : translation(locale, key);
      if (value === undefined) throw new Error(`the theme block asks for ${key ?? name}`);
      return escaped(value);
    });
  // Shopify's own paths begin at the shop's root; here the shop is below the sandbox's.
  const own = block.replace('data-proxy="/', `data-proxy="${at}/`);
  const css = `<link rel="stylesheet" href="${at}/extension/ballast-cart.css">`;
  return `${css}${own}<script src="${at}/extension/ballast-cart.js" defer></script>`;
}

function translation(locale: unknown, key: string): string | undefined {
  const found = key.split(".").reduce<unknown>((at, part) => {
    return typeof at === "object" && at !== null
      ? Object.entries(at).find(([name]) => name === part)?.[1]
      : undefined;
  }, locale);
  return typeof found === "string" ? found : undefined;
}

/** Text as HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
