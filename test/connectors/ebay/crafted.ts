import { HttpResponse, http, type RequestHandler } from "msw";
import { setupServer } from "msw/node";
import { onTestFinished } from "vitest";
import type { Session } from "../../../connectors/connector.ts";
import { ebay } from "../../../connectors/ebay/connector.ts";
import { EBAY_SANDBOX } from "../../../connectors/ebay/sandbox/account.ts";

export const NOW = Date.UTC(2026, 10, 24, 12);

export const API = "https://api.ebay.com";

/** A session against answers written by hand, for what the sandbox does not do by itself. */
export function craftedSession(
  handlers: RequestHandler[],
  settings: Record<string, string> = {},
): Session {
  const server = setupServer(...handlers);
  server.listen({ onUnhandledFrame: "error" });
  onTestFinished(() => server.close());
  const secrets = { accessToken: "a-token", accessTokenExpiresAt: String(NOW + 7_200_000) };
  const account = {
    connection: "c",
    settings: { ...EBAY_SANDBOX.settings, ...settings },
    secrets: { ...EBAY_SANDBOX.secrets, ...secrets },
  };
  return ebay.connect(account, { now: () => NOW });
}

/** Trading calls, answered by their name. Each answer is what stands inside of the response. */
export function trading(answers: Record<string, (xml: string) => string>): RequestHandler {
  return http.post(`${API}/ws/api.dll`, async ({ request }) => {
    const call = request.headers.get("x-ebay-api-call-name") ?? "";
    const answer = answers[call];
    if (!answer) throw new Error(`nobody answers ${call}`);
    const inner = answer(await request.text());
    return HttpResponse.text(`<${call}Response>${inner}</${call}Response>`);
  });
}
