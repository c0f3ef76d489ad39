import { lookup, Resolver } from "node:dns/promises";

export interface LookUpOptions {
  /** A name server that does not answer is given up after this. */
  withinMs?: number;
  /** Name servers to ask instead of the machine's own: "127.0.0.1:5353". */
  servers?: readonly string[];
}

/** Somebody waits at a page for the answer, and an endpoint's job has others to tell. */
const WITHIN_MS = 4_000;

/**
 * Every address of a host name; none when nobody answers in time. Asks name servers itself: the
 * system's own way occupies one of Node's few threads for as long as a name server pleases, so that
 * a merchant's broken one would stop others' look-ups.
 */
export async function addressesOf(
  host: string,
  { withinMs = WITHIN_MS, servers }: LookUpOptions = {},
): Promise<string[]> {
  // The one name that no name server is asked for.
  if (host === "localhost") return (await lookup(host, { all: true })).map((one) => one.address);
  const resolver = new Resolver({ timeout: Math.ceil(withinMs / 3), tries: 2 });
  if (servers) resolver.setServers([...servers]);
  const giveUp = setTimeout(() => resolver.cancel(), withinMs);
  try {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    return answers.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  } finally {
    clearTimeout(giveUp);
  }
}
