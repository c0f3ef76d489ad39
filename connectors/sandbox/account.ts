/** What a merchant's connection to a sandbox marketplace is made of, ready to be stored. */
export interface SandboxAccount {
  /** The marketplace's name of the account. */
  account: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
  /** Our own app's keys at the sandbox: see `Consent.appKeys`. */
  app: Record<string, string>;
}
