/** How a shop writes numbers, money and times. */
export interface Regional {
  /** A BCP 47 tag: "en-GB". */
  locale: string;
  /** An IANA zone: "Europe/Berlin". */
  timeZone: string;
  /** An ISO 4217 code: "EUR". */
  currency: string;
}

/** What a shop has until a merchant says otherwise. */
export const DEFAULT_REGIONAL: Regional = { locale: "en-GB", timeZone: "UTC", currency: "USD" };

/** The languages and countries a merchant can choose from. Every one of them is known to Intl. */
export const LOCALES: readonly string[] = [
  ...["en-US", "en-GB", "en-AU", "en-CA", "en-IE", "en-IN", "en-NZ", "en-ZA", "de-DE", "de-AT"],
  ...["de-CH", "fr-FR", "fr-BE", "fr-CA", "fr-CH", "es-ES", "es-MX", "it-IT", "nl-NL", "nl-BE"],
  ...["pt-BR", "pt-PT", "sv-SE", "da-DK", "nb-NO", "fi-FI", "pl-PL", "cs-CZ", "tr-TR", "ja-JP"],
];

/** Every time zone a merchant can choose from, in the order of the alphabet, UTC first. */
export function timeZones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
}

export function isLocale(text: string): boolean {
  return LOCALES.includes(text);
}

/** Also true for other spellings of a zone, such as "US/Eastern". */
export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }) !== null && !/^[+-]/.test(text);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export function isCurrency(text: string): boolean {
  return Intl.supportedValuesOf("currency").includes(text);
}

export interface Choice {
  value: string;
  label: string;
}

/** What a merchant chooses from, by its English name. Made on the server: names differ by machine. */
export function regionalChoices(): Record<keyof Regional, Choice[]> {
  const names = (type: "language" | "currency") => new Intl.DisplayNames("en", { type });
  const [languages, currencies] = [names("language"), names("currency")];
  const named = (value: string, label: string) => ({ value, label });
  return {
    locale: LOCALES.map((tag) => named(tag, languages.of(tag) ?? tag)),
    timeZone: timeZones().map((zone) => named(zone, zone.replaceAll("_", " "))),
    currency: Intl.supportedValuesOf("currency").map((code) =>
      named(code, `${code} · ${currencies.of(code) ?? code}`),
    ),
  };
}
