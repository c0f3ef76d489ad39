/* What the parts of these pages say. */

export const BATCH_CARD_WORDS = {
  allTheSame: (label: string) => `${label} all the same`,
  downloadTheListCsv: "Download the list (CSV)",
  theLargestChanges: "The largest changes",
  takesBackAnEarlier: " · takes back an earlier batch: ",
} as const;

export const BATCH_PROBLEMS_WORDS = {
  cannotBeUsed: (count: string) => `Cannot be used (${count})`,
  linesWithProblems: "Lines with problems",
} as const;

export const COLUMNS_CARD_WORDS = {
  inAnyOrderAnd: "In any order and under any name: you say which is which after the upload.",
} as const;

export const DOWNLOAD_BUTTON_WORDS = {
  itFailedTryAgain: "It failed: try again",
} as const;

export const FILES_CARD_WORDS = {
  allThereIsAs: "All there is, as CSV. Change it in a spreadsheet and import it again.",
} as const;

export const MAPPING_CARD_WORDS = {
  whichColumnOfYour: "Which column of your file is which. What is not chosen is left out.",
  wereNotUtfAnd: (lines: string) =>
    `${lines} were not UTF-8 and are read as Windows-1252: look at their letters.`,
  columnsOfTheFile: "Columns of the file",
  columnOfYourFile: (title: string) => `Column of your file for ${title}`,
} as const;

export const UPLOAD_CARD_WORDS = {
  whatIsInIt: "What is in it",
  orDropItHere: "or drop it here: CSV, also gzipped, up to 1 GB",
} as const;
