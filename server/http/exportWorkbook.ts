import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { LocalTime } from '../localTime.ts';
import type { ExportCell } from './exportTable.ts';

// An Office Open XML workbook of one sheet (ECMA-376, part 1), as little of it as spreadsheets need

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Indices into `cellXfs` of the styles. */
const STYLE = { plain: 0, title: 1, instant: 2 } as const;

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>`;
const CONTENT_TYPES = `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/></Types>`;
const PACKAGE_RELATIONS = `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
const WORKBOOK_RELATIONS = `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`;

/** Packs better than it costs: stronger levels take twice as long for a tenth less. */
const PACKING = { level: 3 } as const;
const DAY_MS = 86_400_000;
/** 1 January 1970 in days of a spreadsheet. */
const EPOCH_DAY = 25_569;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 has no way to write is left out; what a spreadsheet would read as an escape of its own is escaped. */
function xmlText(text: string): string {
  return text
    .replace(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] as string);
}

/** 0 → A, 26 → AA */
function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

function cellXml(place: string, cell: ExportCell, style: number, localTime: Pick<LocalTime, 'offsetMinutes'>): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === 'object') {
    const days = (cell.at + localTime.offsetMinutes(cell.at) * 60_000) / DAY_MS + EPOCH_DAY;
    return `<c r="${place}" s="${STYLE.instant}"><v>${days}</v></c>`;
  }
  const text = `<is><t xml:space="preserve">${xmlText(cell)}</t></is>`;
  return `<c r="${place}" s="${style}" t="inlineStr">${text}</c>`;
}

/** An .xlsx file of one sheet with a head line that stays in view, packed row by row; instants are local dates. */
export async function* workbook(
  sheet: {
    /** At most 31 characters, none of `[]:*?/\`. */
    readonly name: string;
    readonly columns: readonly { readonly title: string; readonly width: number }[];
    /** Some rows at a time. */
    readonly rows: AsyncIterable<readonly (readonly ExportCell[])[]>;
  },
  localTime: Pick<LocalTime, 'offsetMinutes'>,
): AsyncGenerator<Uint8Array> {
  let packed: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    packed.push(bytes);
  });
  function* taken(): Generator<Uint8Array> {
    const ready = packed;
    packed = [];
    yield* ready;
  }

  const { name, columns } = sheet;
  const names = columns.map((_, index) => columnName(index));
  const workbookXml = `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${xmlText(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`;
  for (const [path, content] of [
    ['[Content_Types].xml', CONTENT_TYPES],
    ['_rels/.rels', PACKAGE_RELATIONS],
    ['xl/workbook.xml', workbookXml],
    ['xl/_rels/workbook.xml.rels', WORKBOOK_RELATIONS],
    ['xl/styles.xml', STYLES],
  ] as const) {
    const part = new ZipDeflate(path, PACKING);
    zip.add(part);
    part.push(strToU8(content), true);
  }

  const part = new ZipDeflate('xl/worksheets/sheet1.xml', PACKING);
  zip.add(part);
  let row = 0;
  const rowXml = (cells: readonly ExportCell[], style: number) => {
    row += 1;
    const inside = cells.map((cell, index) => cellXml(`${names[index]}${row}`, cell, style, localTime));
    return `<row r="${row}">${inside.join('')}</row>`;
  };
  const widths = columns.map(({ width }, index) => {
    const number = index + 1;
    return `<col min="${number}" max="${number}" width="${width}" customWidth="1"/>`;
  });
  const titles = columns.map(({ title }) => title);
  part.push(
    strToU8(
      `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData>${rowXml(titles, STYLE.title)}`,
    ),
  );
  for await (const batch of sheet.rows) {
    part.push(strToU8(batch.map((cells) => rowXml(cells, STYLE.plain)).join('')));
    yield* taken();
  }
  part.push(strToU8(`</sheetData><autoFilter ref="A1:${names.at(-1)}${row}"/></worksheet>`), true);
  zip.end();
  yield* taken();
}
