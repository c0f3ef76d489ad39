/* What the parts of these pages say. */

export const LOCATION_FORM_CARD_WORDS = {
  aClosedLocationGets: "A closed location gets no new stock and no shipment. It has to be empty.",
  whatFilesAndThe: "What files and the API call it. It stays as it is.",
  theLowestNumberShips: "The lowest number ships first.",
} as const;

export const LOCATION_LIST_WORDS = {
  locationsTheOneThat: "Locations, the one that ships first on top",
} as const;

export const LOCATION_OUTCOME_WORDS = {
  isSaved: (name: string) => `${name} is saved.`,
} as const;

export const QUIET_HOURS_FORM_WORDS = {
  noMarketplaceIsConnected: "No marketplace is connected yet.",
  hoursOfYourTime: (text: string) => `Hours of your time zone, ${text}.`,
} as const;
