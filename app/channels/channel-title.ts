/** What a channel is called, from the columns of its shop; its own name when it has none. */
export function channelTitle(
  columns: readonly { channel: string; title: string }[],
): (channel: string) => string {
  const titles = new Map(columns.map(({ channel, title }) => [channel, title]));
  return (channel) => titles.get(channel) ?? channel;
}
