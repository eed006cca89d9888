import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BUNDLED_DEPLOYMENTS } from '../../server/deploymentFile.ts';
import { parseSourceOption } from '../../server/ingest/source.ts';
import {
  columnsOf,
  compileMapping,
  loadMapping,
  type Mapping,
  type RowResult,
} from '../../server/ingest/sources/mapping.ts';
import { loadMappings, readTable } from '../../server/ingest/sources/tableFile.ts';
import { temporaryFolder } from '../support/openStore.ts';

const plain: Mapping = {
  name: 'plain',
  timeZone: 'America/New_York',
  id: 'id',
  title: ['title'],
  category: ['category'],
  source: { otherwise: '311' },
  reportedAt: { columns: ['opened'], formats: ['ISO'] },
};

/** One row through a mapping; columns that are not given are empty. */
function mapRow(changes: Partial<Mapping>, cells: Record<string, string>): RowResult {
  const mapping = { ...plain, ...changes };
  const header = columnsOf(mapping);
  const row: Record<string, string> = {
    id: '1',
    title: 'Lamp out',
    category: 'Lamp',
    opened: '2024-07-01T10:00:00',
    ...cells,
  };
  return compileMapping(mapping, header)(header.map((name) => row[name] ?? ''));
}

function mapped(changes: Partial<Mapping>, cells: Record<string, string>) {
  const result = mapRow(changes, cells);
  if (!result.ok) throw new Error(result.reason);
  return result.row;
}

describe('times', () => {
  const reported = (formats: string[], text: string, extra: { dateOnly?: 'start' | 'end' } = {}) =>
    new Date(
      mapped({ reportedAt: { columns: ['opened'], formats, ...extra } }, { opened: text }).report.reportedAt,
    ).toISOString();

  test.each([
    [['ISO'], '2024-07-01T10:00:00', '2024-07-01T14:00:00.000Z', 'local where no offset is given'],
    [['ISO'], '2024-07-01T10:00:00+02:00', '2024-07-01T08:00:00.000Z', 'at its own offset'],
    [['ISO'], '2024-07-01', '2024-07-01T04:00:00.000Z', 'a date is the start of its day'],
    [['MM/dd/yyyy hh:mm:ss a'], '12/31/2015 12:05:09 AM', '2015-12-31T05:05:09.000Z', 'after midnight'],
    [['MM/dd/yyyy hh:mm:ss a'], '12/31/2015 12:05:09 PM', '2015-12-31T17:05:09.000Z', 'after noon'],
    [['M/d/yy'], '2/29/20', '2020-02-29T05:00:00.000Z', 'a leap day'],
    [['yyyy/MM/dd', 'd MMM yyyy'], '3 Jul 2024', '2024-07-03T04:00:00.000Z', 'by the second format'],
    [['UNIX'], '1720000000', '2024-07-03T09:46:40.000Z', 'seconds since 1970'],
    [['ISO'], '2015-11-01T01:16:00', '2015-11-01T05:16:00.000Z', 'the first of two instants'],
    [['ISO'], '2015-11-01T01:16:00-05:00', '2015-11-01T06:16:00.000Z', 'the second one where it says so'],
    [['yyyy-MM-dd HH:mm ZZ'], '2015-11-01 01:16 -05:00', '2015-11-01T06:16:00.000Z', 'the same by tokens'],
    [['UNIX'], '1446358560', '2015-11-01T06:16:00.000Z', 'the same by number'],
    [['ISO'], '2015-11-01T02:16:00', '2015-11-01T07:16:00.000Z', 'after the ambiguous hour'],
    [['ISO'], '2016-03-13T02:30:00', '2016-03-13T07:30:00.000Z', 'moved on where the clocks skip it'],
  ])('%j %s = %s (%s)', (formats, text, expected) => {
    expect(reported(formats, text)).toBe(expected);
  });

  test('a date without a time ends its day where it is a deadline or a closing, unless said otherwise', () => {
    const rule = { columns: ['when'], formats: ['yyyy-MM-dd', "yyyy-MM-dd'T'HH:mm"] };
    const instants = (changes: Partial<Mapping>, when: string) => {
      const { report, close } = mapped(changes, { when });
      return [report.dueAt, close?.at].filter((at) => at !== undefined).map((at) => new Date(at).toISOString());
    };
    expect(instants({ dueAt: rule }, '2024-07-02')).toEqual(['2024-07-03T03:59:59.000Z']);
    expect(instants({ closedAt: rule }, '2024-07-02')).toEqual(['2024-07-03T03:59:59.000Z']);
    expect(instants({ closedAt: rule }, '2024-07-02T12:00')).toEqual(['2024-07-02T16:00:00.000Z']);
    expect(instants({ dueAt: { ...rule, dateOnly: 'start' } }, '2024-07-02')).toEqual(['2024-07-02T04:00:00.000Z']);
    expect(reported(['ISO'], '2024-07-02', { dateOnly: 'end' })).toBe('2024-07-03T03:59:59.000Z');
  });

  test.each(['', '2024-13-01', 'yesterday', '0215-11-01T10:00:00', '2300-01-01', '1720000000'])(
    '%j is refused',
    (opened) => {
      expect(mapRow({}, { opened })).toEqual({ ok: false, reason: opened === '' ? 'timeMissing' : 'timeUnreadable' });
    },
  );

  test.each(['yesterday', '1e99'])('%j is no UNIX time', (opened) => {
    const reportedAt = { columns: ['opened'], formats: ['UNIX'] };
    expect(mapRow({ reportedAt }, { opened })).toEqual({ ok: false, reason: 'timeUnreadable' });
  });

  test('days after the report are days of the calendar, also where the clocks change', () => {
    const closedAt = { columns: ['closed'], formats: ['ISO'], orDaysAfterReport: 'days' };
    const closed = (days: string) => mapped({ closedAt }, { opened: '2015-10-31T10:00:00', days }).close?.at;
    expect(closed('2')).toBe(Date.parse('2015-11-02T10:00:00-05:00'));
    expect(closed('0.0')).toBe(Date.parse('2015-10-31T10:00:00-04:00'));
    expect(closed('some')).toBeUndefined();
  });
});

describe('states', () => {
  const state = { column: 'state', open: ['Open', 'Neu'], closed: ['Closed'] };
  const closedAt = { columns: ['closed'], formats: ['ISO'] };

  test.each([
    ['closed', '2024-07-02T10:00:00', true],
    [' CLOSED ', '2024-07-02T10:00:00', true],
    ['neu', '2024-07-02T10:00:00', false],
    ['open', '', false],
  ])('%j with closing time %j: closed %s', (value, closed, expected) => {
    expect(mapped({ state, closedAt }, { state: value, closed }).close !== undefined).toBe(expected);
  });

  test.each([
    ['closed', '', 'closingTimeMissing'],
    ['gone', '2024-07-02T10:00:00', 'stateUnknown'],
    ['', '', 'stateUnknown'],
    ['closed', 'soon', 'timeUnreadable'],
  ])('%j with closing time %j is refused: %s', (value, closed, reason) => {
    expect(mapRow({ state, closedAt }, { state: value, closed })).toEqual({ ok: false, reason });
  });

  test('without a state column the closing time decides', () => {
    expect(mapped({ closedAt }, { closed: '' }).close).toBeUndefined();
    expect(mapped({ closedAt }, { closed: '2024-07-02T10:00:00' }).close).toBeDefined();
  });
});

describe('texts and places', () => {
  test('are cleaned and cut, and never invented', () => {
    const { report } = mapped(
      { address: 'where', description: 'text' },
      { id: 'A/1 é', title: ` a\u0000b\u202Ec\n d `, where: `x${'y'.repeat(600)}`, text: 'one\n\ntwo' },
    );
    expect(report).toMatchObject({ id: 'A-1--', title: 'abc d', description: 'one\n\ntwo', source: '311' });
    expect(report.location.address).toHaveLength(500);
    expect(Object.keys(report).sort()).toEqual([
      'category',
      'description',
      'id',
      'location',
      'reportedAt',
      'source',
      'title',
    ]);
  });

  test('a title is cut between characters, not within one', () => {
    const { title } = mapped({}, { title: '😀'.repeat(201) }).report;
    expect(title).toBe(`${'😀'.repeat(199)}…`);
    expect(mapped({}, { title: '😀'.repeat(200) }).report.title).toBe('😀'.repeat(200));
  });

  test.each([
    ['116.5', '35.4', { lng: 116.5, lat: 35.4 }],
    ['0', '0', {}],
    ['0.00001', '0', {}],
    ['', '35.4', {}],
    ['181', '35.4', {}],
    ['116.5', '-91', {}],
    ['east', '35.4', {}],
  ])('point %s, %s', (lng, lat, expected) => {
    const point = { lng: 'x', lat: 'y', unknown: [{ lng: 0, lat: 0 }] };
    expect(mapped({ point }, { x: lng, y: lat }).report.location).toEqual(expected);
  });

  test('title and category stand in for each other', () => {
    expect(mapped({}, { title: '' }).report).toMatchObject({ title: 'Lamp', category: 'Lamp' });
    expect(mapped({}, { category: '' }).report).toMatchObject({ title: 'Lamp out', category: 'Lamp out' });
    expect(mapRow({}, { title: ' ', category: '' })).toEqual({ ok: false, reason: 'titleMissing' });
  });
});

describe('a mapping file', () => {
  const sound = join(fileURLToPath(new URL('../fixtures/replay/', import.meta.url)), 'riverton.mapping.json');

  test.each<[string, (text: string) => string, string]>([
    ['a misspelt field', (text) => text.replace('"closingNote"', '"closingNotes"'), 'closingNotes'],
    ['an unknown time zone', (text) => text.replace('Asia/Shanghai', 'Asia/Riverton'), 'at timeZone'],
    ['an unknown domain', (text) => text.replace('"urban"', '"weather"'), 'at domain.values.lamp'],
    ['an unknown encoding', (text) => text.replace('"timeZone"', '"encoding": "utf-9", "timeZone"'), 'at encoding'],
    ['a prefix that makes illegal ids', (text) => text.replace('"rv-"', '"rv/"'), 'at idPrefix'],
    ['a time without a format', (text) => text.replace('["dd.MM.yyyy HH:mm"]', '[]'), 'at reportedAt.formats'],
    ['what is not JSON', () => '{', 'is not JSON'],
  ])('with %s is refused with its place', async (_what, spoil, expected) => {
    const path = join(await temporaryFolder(), 'mapping.json');
    writeFileSync(path, spoil(await readFile(sound, 'utf8')));
    const loaded = loadMapping(path);
    expect(loaded).toMatchObject({ ok: false, problem: expect.stringContaining(expected) });
    expect((loaded as { problem: string }).problem).toContain(path);
  });

  test('the bundled ones are sound', async () => {
    const loaded = await loadMappings(`${BUNDLED_DEPLOYMENTS}mappings`);
    expect(loaded).toMatchObject({ ok: true });
    if (loaded.ok) expect(loaded.mappings.map((mapping) => mapping.name)).toEqual(['boston-311', 'kansas-city-311']);
  });
});

describe('a table', () => {
  async function read(content: string | Buffer, mappings: readonly Mapping[] = [plain]) {
    const path = join(await temporaryFolder(), 'table.csv');
    writeFileSync(path, content);
    return readTable(path, undefined, mappings);
  }
  const row = (id: string) => `${id},Lamp out,Lamp,2024-07-01T10:00:00`;
  const header = 'id,title,category,opened';

  test('finds its mapping by its header row, the one that uses most of it', async () => {
    const richer = { ...plain, name: 'richer', address: 'where' };
    const foreign = { ...plain, name: 'foreign', address: 'elsewhere' };
    const found = await read(`where,${header}\nhere,${row('1')}\n`, [plain, foreign, richer]);
    expect(found).toMatchObject({ ok: true, table: { mapping: { name: 'richer' } } });
    const less = await read(`${header}\n${row('1')}\n`, [richer, plain]);
    expect(less).toMatchObject({ ok: true, table: { mapping: { name: 'plain' } } });
  });

  test('that fits no mapping says which columns it misses', async () => {
    expect(await read('id,title,category\n1,a,b\n')).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/no mapping fits .*plain misses opened/),
    });
    expect(await read('')).toMatchObject({ ok: false, problem: expect.stringContaining('is empty') });
  });

  test('may have a byte order mark, any line ends, quotes and line breaks in its fields, and blank lines', async () => {
    const content = `\uFEFF${header}\r\n1,"Lamp ""out""\nagain",Lamp,2024-07-01T10:00:00\r\n\r\n${row('2')}`;
    const result = await read(content);
    if (!result.ok) throw new Error(result.problem);
    expect(result.table.rows.map(({ report }) => [report.id, report.title])).toEqual([
      ['1', 'Lamp "out" again'],
      ['2', 'Lamp out'],
    ]);
    expect(result.table.rejected.size).toBe(0);
  });

  test('is read in the encoding of its mapping', async () => {
    const gb18030 = Buffer.from([
      ...Buffer.from(`${header}\n1,`),
      0xc2,
      0xb7,
      0xb5,
      0xc6,
      ...Buffer.from(',Lamp,2024-07-01\n'),
    ]);
    const result = await read(gb18030, [{ ...plain, encoding: 'gb18030' }]);
    if (!result.ok) throw new Error(result.problem);
    expect(result.table.rows[0]?.report.title).toBe('路灯');
  });

  test('with a quotation mark that never ends loses rows, not the run', async () => {
    const result = await read(`${header}\n${row('1')}\n2,Lamp "out,Lamp,2024-07-01\n${row('3')}\n4,"never ends,Lamp\n`);
    if (!result.ok) throw new Error(result.problem);
    expect(result.table.rows.map(({ report }) => report.id)).toContain('1');
    expect(result.table.rejected.get('malformedRow')).toBeGreaterThan(0);
  });

  test('that is not there is a problem in one line', async () => {
    const result = await readTable('missing.csv', undefined, [plain]);
    expect(result).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^the table missing\.csv cannot be read: .*$/),
    });
  });
});

describe('--source', () => {
  test.each([
    ['demo', { kind: 'demo' }],
    ['none', { kind: 'none' }],
    ['replay:a.csv', { kind: 'replay', file: 'a.csv' }],
    ['replay:C:\\data\\a, b.csv', { kind: 'replay', file: 'C:\\data\\a, b.csv' }],
    [
      'replay:a.csv,until=2016-01-12T22:23:00-05:00',
      { kind: 'replay', file: 'a.csv', until: '2016-01-12T22:23:00-05:00' },
    ],
    [
      'replay:a.csv,until=2016-01-12,mapping=m.json',
      { kind: 'replay', file: 'a.csv', until: '2016-01-12', mapping: 'm.json' },
    ],
  ])('%s', (text, option) => {
    expect(parseSourceOption(text)).toEqual({ ok: true, option });
  });

  test.each([
    ['', 'unknown source'],
    ['Demo', 'unknown source'],
    ['replay:', 'names no file'],
    ['replay:,until=2016', 'names no file'],
    ['replay:a.csv,until=', 'gives no value for until'],
    ['replay:a.csv,until=1,until=2', 'gives until twice'],
  ])('%j is refused: %s', (text, expected) => {
    expect(parseSourceOption(text)).toMatchObject({ ok: false, problem: expect.stringContaining(expected) });
  });
});
