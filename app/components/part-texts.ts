/* What the parts of these pages say. */

export const CHART_PARTS_WORDS = {
  timeShownByThe: "Time shown by the charts",
} as const;

export const PAGE_CONTENT_WORDS = {
  loadingThePage: "Loading the page",
} as const;
