import { setImmediate } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import type { LocalTime } from '../localTime.ts';
import { workbook } from './exportWorkbook.ts';

export const EXPORT_FORMATS = ['csv', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Text, a number, an instant (epoch ms, shown as local time), or nothing. */
export type ExportCell = string | number | { readonly at: number } | null;

export interface ExportColumn<Row> {
  readonly title: string;
  /** In characters, for workbooks. */
  readonly width: number;
  readonly cell: (row: Row) => ExportCell;
}

export interface ExportTable<Row> {
  /** Of the sheet. */
  readonly name: string;
  readonly columns: readonly ExportColumn<Row>[];
  readonly rows: Iterable<Row> | AsyncIterable<Row>;
}

/** Rows are turned into bytes so many at a time: a few ms, in which nobody else is served. */
const ROWS_AT_ONCE = 50;

/** Local date and time as a spreadsheet reads them, without a zone. */
function localText(at: number, localTime: Pick<LocalTime, 'offsetMinutes'>): string {
  return new Date(at + localTime.offsetMinutes(at) * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

async function* inBatches<Row>(rows: ExportTable<Row>['rows']): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield batch;
    batch = [];
    await setImmediate();
  }
  if (batch.length > 0) yield batch;
}

/**
 * A table as a file, in pieces. Text that a spreadsheet would take for a formula is made harmless in CSV by an apostrophe
 * before it; in a workbook a text is a text.
 */
export async function* exportFile<Row>(
  format: ExportFormat,
  table: ExportTable<Row>,
  localTime: Pick<LocalTime, 'offsetMinutes'>,
): AsyncGenerator<string | Uint8Array> {
  const titles = table.columns.map(({ title }) => title);
  async function* cells(): AsyncGenerator<ExportCell[][]> {
    for await (const batch of inBatches(table.rows)) {
      yield batch.map((row) => table.columns.map(({ cell }) => cell(row)));
    }
  }
  if (format === 'xlsx') {
    const columns = table.columns.map(({ title, width }) => ({ title, width }));
    yield* workbook({ name: table.name, columns, rows: cells() }, localTime);
    return;
  }
  const inText = (cell: ExportCell) =>
    typeof cell === 'object' && cell !== null ? localText(cell.at, localTime) : cell;
  const options = { escape_formulas: true, record_delimiter: '\r\n' } as const;
  yield stringify([titles], { ...options, bom: true });
  for await (const batch of cells())
    yield stringify(
      batch.map((row) => row.map(inText)),
      options,
    );
}
