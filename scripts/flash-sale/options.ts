import { parseArgs } from "node:util";

export interface FlashSaleOptions {
  /** Jackets to sell. */
  units: number;
  /** Shoppers who each want one, on the marketplaces. */
  shoppers: number;
  /** Carts that hold one through the API; half of them are abandoned. */
  carts: number;
  /** How long the rush lasts. */
  seconds: number;
  seed: number;
  /** How long a marketplace takes to show a push: "default", "realistic", or "LOW-HIGH" in ms. */
  lag: string;
}

const USAGE = `npm run flash-sale -- [--units 500] [--shoppers 540] [--carts 50] [--seconds 60]
                      [--seed 1] [--lag default|realistic|LOW-HIGH (ms)]`;

/** Reads the command line. Throws with every problem at once and the usage. */
export function flashSaleOptions(args: string[]): FlashSaleOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: { units: text, shoppers: text, carts: text, seconds: text, seed: text, lag: text },
  });
  const problems: string[] = [];
  const whole = (name: keyof typeof values, standard: number, least: number): number => {
    const given = values[name];
    const value = given === undefined ? standard : Number(given);
    if (Number.isSafeInteger(value) && value >= least) return value;
    problems.push(`--${name} is a whole number of at least ${least}, not "${given}"`);
    return standard;
  };
  const options = {
    units: whole("units", 500, 1),
    shoppers: whole("shoppers", 540, 0),
    carts: whole("carts", 50, 0),
    seconds: whole("seconds", 60, 1),
    seed: whole("seed", 1, 0),
    lag: values.lag ?? "default",
  };
  if (!/^(default|realistic|\d+-\d+)$/.test(options.lag)) {
    problems.push(`--lag is default, realistic or LOW-HIGH in ms, not "${options.lag}"`);
  }
  if (problems.length > 0) throw new Error(`${problems.join("\n")}\n\n${USAGE}`);
  return options;
}
