/** Where the person of a link chooses a password. */
export function joinUrl(publicUrl: string, secret: string): string {
  return `${publicUrl}/join?${new URLSearchParams({ link: secret })}`;
}
