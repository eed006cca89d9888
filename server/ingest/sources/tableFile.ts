import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import {
  columnsOf,
  compileMapping,
  loadMapping,
  type MappedRow,
  type Mapping,
  missingColumns,
  type RowRefusal,
} from './mapping.ts';

/** No honest row is longer; a quotation mark that is never closed ends here instead of swallowing the file. */
const MAX_ROW_BYTES = 1_048_576;

/** A foreign table, read whole: its rows as tickets in the order of the file, and how many rows are unusable, by reason. */
export interface Table {
  readonly file: string;
  readonly mapping: Mapping;
  readonly rows: readonly MappedRow[];
  readonly rejected: ReadonlyMap<RowRefusal, number>;
}

type TableResult = { readonly ok: true; readonly table: Table } | { readonly ok: false; readonly problem: string };
type MappingsResult =
  | { readonly ok: true; readonly mappings: readonly Mapping[] }
  | { readonly ok: false; readonly problem: string };

/** The mapping files of a folder, in the order of their names. */
export async function loadMappings(folder: string): Promise<MappingsResult> {
  const mappings: Mapping[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json')).sort()) {
    const loaded = loadMapping(join(folder, name));
    if (!loaded.ok) return loaded;
    mappings.push(loaded.mapping);
  }
  return { ok: true, mappings };
}

async function* decoded(file: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(file)) yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}

interface RowsRead {
  /** Rows that are no CSV, and so were passed over. */
  malformed: number;
}

/** Rows of a CSV file, the header row first; streamed, with line breaks inside quoted fields. */
async function* readRows(file: string, mapping: Mapping | undefined, read: RowsRead): AsyncGenerator<string[]> {
  const parser = parse({
    bom: true,
    delimiter: mapping?.delimiter ?? ',',
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
    skip_records_with_error: true,
  });
  parser.on('skip', () => {
    read.malformed += 1;
  });
  const content = Readable.from(decoded(file, mapping?.encoding ?? 'utf-8'));
  // A file that cannot be read must end the loop below
  content.on('error', (error) => parser.destroy(error));
  yield* content.pipe(parser) as AsyncIterable<string[]>;
}

async function readHeader(file: string, mapping?: Mapping): Promise<string[]> {
  for await (const row of readRows(file, mapping, { malformed: 0 })) return row.map((name) => name.trim());
  return [];
}

/** The mapping whose columns the header row has; of several the one that uses most of them. */
function fitting(mappings: readonly Mapping[], header: readonly string[]): Mapping | undefined {
  return mappings
    .filter((mapping) => missingColumns(mapping, header).length === 0)
    .sort((a, b) => columnsOf(b).length - columnsOf(a).length)[0];
}

function noFit(file: string, header: readonly string[], mappings: readonly Mapping[]): string {
  const [nearest] = mappings
    .map((mapping) => ({ name: mapping.name, missing: missingColumns(mapping, header) }))
    .sort((a, b) => a.missing.length - b.missing.length);
  const hint = nearest === undefined ? '' : `; ${nearest.name} misses ${nearest.missing.slice(0, 5).join(', ')}`;
  return `no mapping fits the header row of ${file}${hint}; name one with mapping=FILE (docs/mappings.md)`;
}

/**
 * Reads a table. `mappingPath` names its mapping file; without one the header row picks among `bundled`. A faulty row
 * is counted and passed over; only a file that cannot be read or mapped at all is a problem, in one sentence.
 */
export async function readTable(
  file: string,
  mappingPath: string | undefined,
  bundled: readonly Mapping[],
): Promise<TableResult> {
  let named: Mapping | undefined;
  if (mappingPath !== undefined) {
    const loaded = loadMapping(mappingPath);
    if (!loaded.ok) return loaded;
    named = loaded.mapping;
  }
  try {
    const header = await readHeader(file, named);
    if (header.length === 0) return { ok: false, problem: `the table ${file} is empty` };
    const candidates = named === undefined ? bundled : [named];
    const mapping = fitting(candidates, header);
    if (mapping === undefined) return { ok: false, problem: noFit(file, header, candidates) };
    return { ok: true, table: await mapRows(file, mapping, header) };
  } catch (error) {
    return { ok: false, problem: `the table ${file} cannot be read: ${(error as Error).message}` };
  }
}

async function mapRows(file: string, mapping: Mapping, header: readonly string[]): Promise<Table> {
  const rows: MappedRow[] = [];
  const rejected = new Map<RowRefusal, number>();
  const reject = (reason: RowRefusal, count = 1) => rejected.set(reason, (rejected.get(reason) ?? 0) + count);
  const ids = new Set<string>();
  const map = compileMapping(mapping, header);
  const read: RowsRead = { malformed: 0 };
  let isHeader = true;
  for await (const cells of readRows(file, mapping, read)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    if (cells.length !== header.length) {
      reject('malformedRow');
      continue;
    }
    const result = map(cells);
    if (!result.ok) reject(result.reason);
    else if (ids.has(result.row.report.id)) reject('idTwice');
    else {
      ids.add(result.row.report.id);
      rows.push(result.row);
    }
  }
  if (read.malformed > 0) reject('malformedRow', read.malformed);
  return { file, mapping, rows, rejected };
}
