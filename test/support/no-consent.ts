import type { Consent } from "../../connectors/consent.ts";

/** For a connector in whose test nobody connects. */
export const NO_CONSENT: Consent = {
  appKeys: [],
  asks: [],
  page: () => {
    throw new Error("this test did not expect a merchant to be sent away");
  },
  complete: async () => ({ outcome: "declined", why: "this test connects nobody" }),
};
