/** Where a connection's marketplace sends its messages: see app/doors/webhooks.ts. */
export function doorUrl(
  publicUrl: string,
  { channel, id }: { channel: string; id: string },
): string {
  return `${publicUrl.replace(/\/+$/, "")}/webhooks/${channel}/${id}`;
}
