import type { LocationRow } from "../../prisma/locations.ts";

/** What the location form holds: text, as it is typed. */
export interface LocationFields {
  /** Empty for a new location. */
  id: string;
  code: string;
  name: string;
  priority: string;
  /** all | some */
  serves: string;
  channels: string[];
  active: boolean;
}

export const NEW_LOCATION: LocationFields = {
  ...{ id: "", code: "", name: "", priority: "0", serves: "all", channels: [], active: true },
};

export function locationFields({ id, code, name, priority, serves, active }: LocationRow) {
  const channels = serves === null ? [] : [...serves];
  return {
    ...{ id, code, name, priority: String(priority), channels, active },
    serves: serves === null ? "all" : "some",
  } satisfies LocationFields;
}
