import type { AppLoadContext } from "@remix-run/node";
import type { Connector } from "../../connectors/connector.ts";
import type { Question } from "../../connectors/consent.ts";
import { createConsentRequest } from "../../prisma/consent-requests.ts";
import type {} from "../context.ts";
import type { Services } from "../services.ts";
import { browserUrl } from "../world.server.ts";

export type BeginResult =
  /** The marketplace's page, where the merchant agrees. */
  | { outcome: "away"; url: string }
  /** By name of the question, each with its sentence. */
  | { outcome: "invalid"; errors: Record<string, string> }
  | { outcome: "refused"; why: string };

/** What the page before the marketplace's shows of a channel; throws a 404 for none. */
export function readConsent({ services }: AppLoadContext, channel: string) {
  const connector = services.connectorOf(channel);
  if (!connector) throw new Response(`There is no marketplace ${channel}.`, { status: 404 });
  const { title, consent } = connector;
  return { channel, title, asks: [...consent.asks], missing: missingKeys(services, connector) };
}

/** Variables without which nobody can connect there from here. Names only, never a value. */
export function missingKeys({ appKeys }: Services, { channel, consent }: Connector): string[] {
  const known = appKeys[channel];
  return known ? [...known.missing] : [...consent.appKeys];
}

/** Checks the merchant's answers, remembers that he is sent away, and says where to. */
export async function beginConsent(
  { services }: AppLoadContext,
  shop: string,
  channel: string,
  given: Readonly<Record<string, string>>,
): Promise<BeginResult> {
  const connector = services.connectorOf(channel);
  if (!connector) return { outcome: "refused", why: "There is no such marketplace." };
  const missing = missingKeys(services, connector);
  if (missing.length > 0) return { outcome: "refused", why: "It is not set up here." };
  const { asks } = connector.consent;
  const asked = Object.fromEntries(asks.map(({ name }) => [name, (given[name] ?? "").trim()]));
  const wrong = asks.filter((question) => !fits(question, asked[question.name] ?? ""));
  if (wrong.length > 0) {
    const errors = wrong.map(({ name, example }) => [name, `Enter it like this: ${example}`]);
    return { outcome: "invalid", errors: Object.fromEntries(errors) };
  }
  const answers = { ...broughtAlong(given), ...asked };
  const now = new Date(services.now());
  const state = await createConsentRequest(services.db, shop, channel, answers, now);
  const app = services.appKeys[channel]?.keys ?? {};
  const returnUrl = returnUrlOf(services, channel);
  const url = connector.consent.page({ app, answers, state, returnUrl });
  return { outcome: "away", url: browserUrl(services, url) };
}

/** More than any marketplace sends along; whatever is larger was not sent by one. */
const BROUGHT = { entries: 10, length: 2_000 };

/**
 * A merchant who began at the marketplace's own app store comes with what its consent goes on with.
 * Connectors believe nothing of it that they have not checked.
 */
export function broughtAlong(given: Readonly<Record<string, string>>): Record<string, string> {
  const short = Object.entries(given).filter(([, value]) => value.length <= BROUGHT.length);
  return Object.fromEntries(short.slice(0, BROUGHT.entries));
}

/** Where the marketplace sends the merchant back to. */
export function returnUrlOf({ publicUrl }: Services, channel: string): string {
  return `${publicUrl}/connect/${channel}/callback`;
}

function fits({ pattern, choices }: Question, answer: string): boolean {
  const choosable = choices?.some(({ value }) => value === answer) ?? true;
  return choosable && new RegExp(`^(?:${pattern})$`, "u").test(answer);
}
