import { formatFor } from "../../inventory/format.ts";
import { DEFAULT_REGIONAL } from "../../inventory/regional.ts";

/** Sentences for machines are written the same for every shop: no setting changes an answer. */
export const API_FORMAT = formatFor(DEFAULT_REGIONAL);
