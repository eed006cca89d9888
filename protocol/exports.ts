/** Rows of one export. A spreadsheet opens as many at once, and reading them takes the server a few seconds. */
export const MAX_EXPORT_ROWS = 50_000;
