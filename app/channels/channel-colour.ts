/** Told apart by people who see fewer colours, and 3:1 against white. */
const COLOURS = ["#0b7285", "#b3530a", "#5f3dc4", "#2b8a3e", "#a61e4d"] as const;

/** The colour of the channel at this place of a list. */
export function channelColour(at: number): string {
  return COLOURS[at % COLOURS.length] ?? COLOURS[0];
}
