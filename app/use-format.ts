import { createContext, useContext } from "react";
import { type Format, formatFor } from "../inventory/format.ts";
import { DEFAULT_REGIONAL } from "../inventory/regional.ts";

/** The shop's way of writing: the layout of the pages, app/routes/app.tsx, says which. */
export const FormatContext = createContext<Format>(formatFor(DEFAULT_REGIONAL));

/** Numbers, money and times of a page, as the shop writes them. */
export function useFormat(): Format {
  return useContext(FormatContext);
}
