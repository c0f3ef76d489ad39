/** Told apart by people who see fewer colours, and 3:1 against white. */
const COLOURS = ["#0b7285", "#b3530a", "#5f3dc4", "#2b8a3e", "#a61e4d", "#495057"] as const;

/** The colour of the channel at this place of a list. */
export function channelColour(at: number): string {
  return COLOURS[at % COLOURS.length] ?? COLOURS[0];
}

/** A channel has the same colour in every chart; what sells on none of them has the next one. */
export function channelColours(
  columns: readonly { channel: string }[],
): (channel: string) => string {
  const channels = [...new Set(columns.map(({ channel }) => channel))].sort();
  return (channel) => {
    const at = channels.indexOf(channel);
    return channelColour(at < 0 ? channels.length : at);
  };
}
