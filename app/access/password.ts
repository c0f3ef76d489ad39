import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/**
 * How hard a password is to guess for somebody who stole the record: 32 MB and some tenths of a
 * second for each guess.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
const COST = { cost: 2 ** 15, blockSize: 8, parallelization: 3, maxmem: 64 * 2 ** 20 } as const;
const KEY_BYTES = 32;

/** Hashes a password with a salt of its own: `scrypt:<cost>:<r>:<p>:<salt>:<key>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, KEY_BYTES, COST);
  const { cost, blockSize, parallelization } = COST;
  const parts = [cost, blockSize, parallelization, encoded(salt), encoded(key)];
  return ["scrypt", ...parts].join(":");
}

/** Of a password nobody has. */
const NOBODYS = `scrypt:32768:8:3:${encoded(randomBytes(16))}:${encoded(randomBytes(KEY_BYTES))}`;

/**
 * Whether this is the password of the hash. Without a hash it takes as long to say no, so that the
 * time tells nobody who has an account.
 */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const [, cost, blockSize, parallelization, salt = "", key = ""] = (hash ?? NOBODYS).split(":");
  const options = {
    ...{ cost: Number(cost), blockSize: Number(blockSize), maxmem: COST.maxmem },
    parallelization: Number(parallelization),
  };
  const wanted = Buffer.from(key, "base64url");
  const given = await derive(password, Buffer.from(salt, "base64url"), wanted.length, options);
  return timingSafeEqual(given, wanted) && hash !== null;
}

function derive(
  password: string,
  salt: Buffer,
  length: number,
  options: ScryptOptions,
): Promise<Buffer> {
  // The same letters can be typed as different code points; NFKC makes them the same password.
  return new Promise((done, fail) => {
    scrypt(password.normalize("NFKC"), salt, length, options, (error, key) =>
      error ? fail(error) : done(key),
    );
  });
}

function encoded(bytes: Buffer): string {
  return bytes.toString("base64url");
}
