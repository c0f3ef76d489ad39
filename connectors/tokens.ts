import type { Account, CallFailure, World } from "./connector.ts";

/** A token that is about to expire would expire on the way. */
const SAFETY_MS = 60_000;

/** `reconnectBy`: when the refresh token behind it ends, where its marketplace says so (ms). */
export type Token =
  | { outcome: "token"; accessToken: string; reconnectBy?: number | null }
  | CallFailure;

export interface TokenSource {
  /** A token that works for now; calls at the same time share one renewal. */
  get(): Promise<Token>;
  /** The marketplace refused this token: the next `get` asks for another. */
  spoil(accessToken: string): void;
}

/** What a marketplace grants for a refresh token or a client's own credentials. */
export type Granted =
  | {
      outcome: "granted";
      accessToken: string;
      /** Ms since the epoch. */
      expiresAt: number;
      /** Where every renewal hands out a new one, the old one is worth nothing any more. */
      refreshToken?: string;
      /** When the refresh token ends, in ms; left out when it did not change. */
      refreshExpiresAt?: number | null;
    }
  | CallFailure;

/** Trades the kept secrets for a new access token: one call to the marketplace. */
export type Grant = (secrets: Readonly<Record<string, string>>) => Promise<Granted>;

/**
 * Access tokens of one connection, for every marketplace the same way. They are renewed a minute
 * before their end, by one owner at a time (`World.renewing`): where refresh tokens rotate, a
 * second renewal with the same one would shut both out. Secrets used: `accessToken`,
 * `accessTokenExpiresAt` (ms), `refreshToken` and, where it has an end, `refreshTokenExpiresAt`.
 */
export function tokenSource(account: Account, world: World, grant: Grant): TokenSource {
  let secrets = account.secrets;
  let spoiled: string | null = null;
  let renewing: Promise<Token> | null = null;

  const works = (kept: Readonly<Record<string, string>>) =>
    kept.accessToken !== undefined &&
    kept.accessToken !== spoiled &&
    Number(kept.accessTokenExpiresAt ?? 0) - SAFETY_MS > world.now();

  const alone: NonNullable<World["renewing"]> = async (renew) => {
    const renewed = await renew(secrets);
    if (renewed.outcome === "renewed") {
      return { outcome: "kept", secrets: { ...secrets, ...renewed.secrets } };
    }
    return renewed.outcome === "fresh" ? { outcome: "kept", secrets } : renewed;
  };

  async function renew(): Promise<Token> {
    const kept = await (world.renewing ?? alone)(async (newest) => {
      // Whoever waited for another owner finds the work done.
      if (works(newest)) return { outcome: "fresh" };
      return asRenewed(await grant({ ...account.secrets, ...newest }));
    });
    if (kept.outcome !== "kept") return kept;
    secrets = { ...secrets, ...kept.secrets };
    return tokenOf(secrets);
  }

  return {
    async get() {
      if (works(secrets)) return tokenOf(secrets);
      renewing ??= renew().finally(() => {
        renewing = null;
      });
      return renewing;
    },
    spoil(refused) {
      spoiled = refused;
    },
  };
}

function tokenOf(kept: Readonly<Record<string, string>>): Token {
  const { accessToken = "", refreshTokenExpiresAt } = kept;
  const reconnectBy = refreshTokenExpiresAt ? Number(refreshTokenExpiresAt) : null;
  return { outcome: "token", accessToken, reconnectBy };
}

function asRenewed(
  granted: Granted,
): Awaited<ReturnType<Parameters<NonNullable<World["renewing"]>>[0]>> {
  if (granted.outcome !== "granted") return granted;
  const { accessToken, expiresAt, refreshToken, refreshExpiresAt } = granted;
  return {
    outcome: "renewed",
    secrets: {
      accessToken,
      accessTokenExpiresAt: String(expiresAt),
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(refreshExpiresAt ? { refreshTokenExpiresAt: String(refreshExpiresAt) } : {}),
    },
    ...(refreshExpiresAt === undefined ? {} : { reconnectBy: refreshExpiresAt }),
  };
}
