import { HttpResponse } from "msw";

/** What a sandbox's consent page asks, and where its two answers lead. */
export interface ConsentPage {
  /** The marketplace's name. */
  title: string;
  /** The merchant's account there. */
  account: string;
  /** What the app asks for, one line each. */
  scopes: readonly string[];
  /** Where "allow" leads: the app's return address with the code in it. */
  allow: string;
  deny: string;
}

/** The page on which a merchant agrees. Both answers are plain links, as a browser follows them. */
export function consentPage({ title, account, scopes, allow, deny }: ConsentPage): Response {
  const rows = scopes.map((scope) => `<li>${escaped(scope)}</li>`).join("");
  return HttpResponse.html(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${escaped(title)} sandbox: allow access</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }
  a { display: inline-block; padding: .6rem 1.2rem; border-radius: .5rem; text-decoration: none; }
  a.allow { background: #1a1a1a; color: #fff; }
  a.deny { color: #1a1a1a; border: 1px solid #8a8a8a; margin-left: .5rem; }
</style>
<main>
  <h1>${escaped(title)} sandbox</h1>
  <p>Ballast asks for access to <strong>${escaped(account)}</strong>:</p>
  <ul>${rows}</ul>
  <p><a class="allow" href="${escaped(allow)}">Allow</a><a class="deny" href="${escaped(deny)}">Do not allow</a></p>
</main>`);
}

/** An address with more in its query. */
export function withQuery(url: string, query: Record<string, string>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return target.href;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
