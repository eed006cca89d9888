import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';
import { DOMAINS, type Domain, type TicketReport } from '../../../domain/ticket.ts';
import { readJsonFile } from '../../jsonFile.ts';
import { CachedZone } from './cachedZone.ts';

const column = z.string().min(1);
/** Tried in turn until one is not empty. */
const columns = z.union([column.transform((name) => [name]), z.array(column).min(1)]);
const words = z.array(z.string());
const domain = z.enum(DOMAINS);

const time = z.strictObject({
  /** Joined by blanks. */
  columns: z.array(column).min(1),
  /** `ISO`, `UNIX` (seconds) or tokens of luxon, tried in turn. */
  formats: z.array(z.string().min(1)).min(1),
  /** What a date without a time means. */
  dateOnly: z.exactOptional(z.enum(['start', 'end'])),
});

/** How a foreign table becomes tickets; docs/mappings.md says what each field means. */
const mappingFile = z.strictObject({
  name: z.string().min(1),
  about: z.exactOptional(z.string()),
  delimiter: z.exactOptional(z.string().length(1)),
  encoding: z.exactOptional(
    z.string().refine(isEncoding, 'is no text encoding that this program knows, such as utf-8 or gb18030'),
  ),
  timeZone: z.string().refine((zone) => IANAZone.isValidZone(zone), 'must be an IANA time zone'),
  id: column,
  idPrefix: z.exactOptional(z.string().regex(/^[\w.:-]{0,24}$/, 'must be at most 24 of A–Z a–z 0–9 _ . : -')),
  title: columns,
  category: columns,
  domain: z.exactOptional(
    z.strictObject({ column, values: z.record(z.string(), domain), otherwise: z.exactOptional(domain) }),
  ),
  department: z.exactOptional(column),
  area: z.exactOptional(column),
  address: z.exactOptional(column),
  point: z.exactOptional(
    z.strictObject({
      lng: column,
      lat: column,
      unknown: z.exactOptional(z.array(z.strictObject({ lng: z.number(), lat: z.number() }))),
    }),
  ),
  description: z.exactOptional(column),
  source: z.strictObject({ column: z.exactOptional(column), otherwise: z.string().min(1).max(100) }),
  reportedAt: time,
  dueAt: z.exactOptional(time),
  closedAt: z.exactOptional(z.strictObject({ ...time.shape, orDaysAfterReport: z.exactOptional(column) })),
  closingNote: z.exactOptional(column),
  state: z.exactOptional(z.strictObject({ column, open: words, closed: words })),
  overdue: z.exactOptional(z.strictObject({ column, yes: words, no: words })),
});

export type Mapping = z.output<typeof mappingFile>;
type TimeRule = z.output<typeof time>;

/** Why a row of a table cannot become a ticket. */
export type RowRefusal =
  | 'malformedRow'
  | 'idMissing'
  | 'idTooLong'
  | 'idTwice'
  | 'titleMissing'
  | 'timeMissing'
  | 'timeUnreadable'
  | 'stateUnknown'
  | 'closingTimeMissing';

/** A row as a ticket: the steps it proves, none invented. */
export interface MappedRow {
  readonly report: TicketReport & { readonly id: string; readonly reportedAt: number };
  readonly close?: { readonly at: number; readonly note?: string };
}

export type RowResult =
  | { readonly ok: true; readonly row: MappedRow }
  | { readonly ok: false; readonly reason: RowRefusal };

const MAX_ID = 64;
const MAX_TITLE = 200;
const MAX_LABEL = 100;
const MAX_NAME = 200;
const MAX_ADDRESS = 500;
const MAX_TEXT = 10_000;
/** What the wire takes too (reportSchemas.ts); a year typed with two digits too few must not set the clock to antiquity. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;
/** About 10 m: a table that rounds its “unknown” point still means it. */
const SAME_POINT_DEGREES = 0.0001;

function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

export function loadMapping(
  path: string,
): { readonly ok: true; readonly mapping: Mapping } | { readonly ok: false; readonly problem: string } {
  const read = readJsonFile(path, 'mapping', mappingFile);
  return read.ok ? { ok: true, mapping: read.value } : read;
}

/** Every column that the mapping speaks of. A table fits when its header row has them all. */
export function columnsOf(mapping: Mapping): string[] {
  const named = [
    mapping.id,
    ...mapping.title,
    ...mapping.category,
    mapping.domain?.column,
    mapping.department,
    mapping.area,
    mapping.address,
    mapping.point?.lng,
    mapping.point?.lat,
    mapping.description,
    mapping.source.column,
    ...mapping.reportedAt.columns,
    ...(mapping.dueAt?.columns ?? []),
    ...(mapping.closedAt?.columns ?? []),
    mapping.closedAt?.orDaysAfterReport,
    mapping.closingNote,
    mapping.state?.column,
    mapping.overdue?.column,
  ];
  return [...new Set(named.filter((name) => name !== undefined))];
}

export function missingColumns(mapping: Mapping, header: readonly string[]): string[] {
  const there = new Set(header);
  return columnsOf(mapping).filter((name) => !there.has(name));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: naming NUL is the point
const UNWANTED_CHARACTERS = /[\u0000\u202A-\u202E\u2066-\u2069]/g;

/** Text as a ticket may carry it: no NUL, no bidi control, not longer than `max` characters. */
function cleanText(value: string, max: number): string {
  const text = value.replace(UNWANTED_CHARACTERS, '').trim();
  if (text.length <= max) return text;
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}

function cleanLine(value: string, max: number): string {
  return cleanText(value.replace(/\s+/g, ' '), max);
}

/** Whether a time of day is missing: from an ISO text, or from the tokens of a format. */
function isDateOnly(text: string, format: string): boolean {
  if (format === 'ISO') return !/[T ]\d/.test(text);
  return format !== 'UNIX' && !/[HhtTfF]/.test(format.replace(/'[^']*'/g, ''));
}

function parserOf(format: string, zone: CachedZone, locale: string): (text: string) => DateTime {
  if (format === 'ISO') return (text) => DateTime.fromISO(text, { zone });
  if (format === 'UNIX') return (text) => DateTime.fromSeconds(text === '' ? Number.NaN : Number(text), { zone });
  const parser = DateTime.buildFormatParser(format, { locale });
  return (text) => DateTime.fromFormatParser(text, parser, { zone, locale });
}

/** Whether the text itself says how far from UTC it is, so that nothing is ambiguous. */
function isInstant(text: string, format: string): boolean {
  if (format === 'ISO') return /(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(text) && /T|:/.test(text);
  return format === 'UNIX' || /z/i.test(format.replace(/'[^']*'/g, ''));
}

type ReadTime = (text: string) => number | undefined;

/**
 * Reads local times of one table. A time that the clocks show twice is taken as the first of the two instants; one
 * that they skip is moved on by the gap.
 */
function timeReader(rule: TimeRule, zone: CachedZone, dateOnly: 'start' | 'end'): ReadTime {
  const locale = 'en-US';
  const attempts = rule.formats.map((format) => {
    const parse = parserOf(format, zone, locale);
    return (text: string): number | undefined => {
      const read = parse(text);
      if (!read.isValid || read.year < FIRST_YEAR || read.year > LAST_YEAR) return undefined;
      const first = isInstant(text, format) ? read : (read.getPossibleOffsets()[0] ?? read);
      const meant = isDateOnly(text, format) && dateOnly === 'end' ? first.endOf('day').startOf('second') : first;
      return meant.toMillis();
    };
  });
  return (text) => {
    for (const attempt of attempts) {
      const at = attempt(text);
      if (at !== undefined) return at;
    }
    return undefined;
  };
}

function lowerCased(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.map((value) => value.trim().toLowerCase()));
}

/** Prepares a mapping for the tables with this header row, which must have all its columns. */
export function compileMapping(mapping: Mapping, header: readonly string[]): (cells: readonly string[]) => RowResult {
  const zone = new CachedZone(mapping.timeZone);
  const cell = (name: string): ((cells: readonly string[]) => string) => {
    const i = header.indexOf(name);
    return (cells) => cells[i]?.trim() ?? '';
  };
  const optional = (name: string | undefined) => (name === undefined ? () => '' : cell(name));
  const firstOf = (names: readonly string[]) => {
    const reads = names.map(cell);
    return (cells: readonly string[]) => {
      for (const read of reads) {
        const value = read(cells);
        if (value !== '') return value;
      }
      return '';
    };
  };
  const timeOf = (rule: TimeRule | undefined, dateOnly: 'start' | 'end') => {
    if (rule === undefined) return () => ({ text: '', at: undefined });
    const reads = rule.columns.map(cell);
    const read = timeReader(rule, zone, rule.dateOnly ?? dateOnly);
    return (cells: readonly string[]) => {
      const text = reads
        .map((part) => part(cells))
        .join(' ')
        .trim();
      return { text, at: text === '' ? undefined : read(text) };
    };
  };

  const idOf = cell(mapping.id);
  const prefix = mapping.idPrefix ?? '';
  const titleOf = firstOf(mapping.title);
  const categoryOf = firstOf(mapping.category);
  const domainCell = optional(mapping.domain?.column);
  const domains = new Map(
    Object.entries(mapping.domain?.values ?? {}).map(([value, known]) => [value.trim().toLowerCase(), known]),
  );
  const domainOf = (cells: readonly string[]): Domain | undefined =>
    domains.get(domainCell(cells).toLowerCase()) ?? mapping.domain?.otherwise;
  const departmentOf = optional(mapping.department);
  const areaOf = optional(mapping.area);
  const addressOf = optional(mapping.address);
  const pointOf = pointReader(mapping.point, cell);
  const descriptionOf = optional(mapping.description);
  const sourceOf = optional(mapping.source.column);
  const reportedOf = timeOf(mapping.reportedAt, 'start');
  const dueOf = timeOf(mapping.dueAt, 'end');
  const closedOf = timeOf(mapping.closedAt, 'end');
  const daysOf = optional(mapping.closedAt?.orDaysAfterReport);
  const noteOf = optional(mapping.closingNote);
  const stateOf = optional(mapping.state?.column);
  const openStates = lowerCased(mapping.state?.open ?? []);
  const closedStates = lowerCased(mapping.state?.closed ?? []);
  const claimOf = optional(mapping.overdue?.column);
  const claimed = lowerCased(mapping.overdue?.yes ?? []);
  const denied = lowerCased(mapping.overdue?.no ?? []);

  function closing(
    cells: readonly string[],
    reportedAt: number,
  ): Pick<MappedRow, 'close'> | { readonly reason: RowRefusal } {
    let mustBeClosed = false;
    if (mapping.state !== undefined) {
      const state = stateOf(cells).toLowerCase();
      if (openStates.has(state)) return {};
      if (!closedStates.has(state)) return { reason: 'stateUnknown' };
      mustBeClosed = true;
    }
    const closed = closedOf(cells);
    if (closed.text !== '' && closed.at === undefined) return { reason: 'timeUnreadable' };
    const at = closed.at ?? daysAfter(reportedAt, daysOf(cells), zone);
    if (at === undefined) return mustBeClosed ? { reason: 'closingTimeMissing' } : {};
    const note = cleanText(noteOf(cells), MAX_TEXT);
    return { close: { at, ...(note === '' ? {} : { note }) } };
  }

  return (cells) => {
    const foreignId = idOf(cells);
    if (foreignId === '') return { ok: false, reason: 'idMissing' };
    const id = prefix + foreignId.replace(/[^A-Za-z0-9_.:-]/g, '-');
    if (id.length > MAX_ID) return { ok: false, reason: 'idTooLong' };

    const title = cleanLine(titleOf(cells), MAX_TITLE);
    const category = cleanLine(categoryOf(cells), MAX_NAME);
    if (title === '' && category === '') return { ok: false, reason: 'titleMissing' };

    const reported = reportedOf(cells);
    const due = dueOf(cells);
    if (reported.text === '') return { ok: false, reason: 'timeMissing' };
    if (reported.at === undefined || (due.text !== '' && due.at === undefined)) {
      return { ok: false, reason: 'timeUnreadable' };
    }
    const end = closing(cells, reported.at);
    if ('reason' in end) return { ok: false, reason: end.reason };

    const domain = domainOf(cells);
    const department = cleanLine(departmentOf(cells), MAX_NAME);
    const gridId = cleanLine(areaOf(cells), MAX_NAME);
    const address = cleanLine(addressOf(cells), MAX_ADDRESS);
    const description = cleanText(descriptionOf(cells), MAX_TEXT);
    const claim = claimOf(cells).toLowerCase();
    const overdueClaim = claimed.has(claim) ? true : denied.has(claim) ? false : undefined;
    return {
      ok: true,
      row: {
        report: {
          id,
          source: cleanLine(sourceOf(cells), MAX_LABEL) || mapping.source.otherwise,
          ...(domain === undefined ? {} : { domain }),
          category: category || title,
          title: title || category,
          ...(description === '' ? {} : { description }),
          location: {
            ...(gridId === '' ? {} : { gridId }),
            ...(address === '' ? {} : { address }),
            ...pointOf(cells),
          },
          ...(department === '' ? {} : { department }),
          reportedAt: reported.at,
          ...(due.at === undefined ? {} : { dueAt: due.at }),
          ...(overdueClaim === undefined ? {} : { overdueClaim }),
        },
        ...end,
      },
    };
  };
}

function daysAfter(reportedAt: number, days: string, zone: CachedZone): number | undefined {
  if (!/^\d+(?:\.0*)?$/.test(days)) return undefined;
  return DateTime.fromMillis(reportedAt, { zone })
    .plus({ days: Number.parseInt(days, 10) })
    .toMillis();
}

/** A point is taken when both its numbers are on the globe and it does not stand for “unknown”. */
function pointReader(
  point: Mapping['point'],
  cell: (name: string) => (cells: readonly string[]) => string,
): (cells: readonly string[]) => { lng?: number; lat?: number } {
  if (point === undefined) return () => ({});
  const lngOf = cell(point.lng);
  const latOf = cell(point.lat);
  const unknown = point.unknown ?? [];
  return (cells) => {
    const [lngText, latText] = [lngOf(cells), latOf(cells)];
    const [lng, lat] = [Number(lngText), Number(latText)];
    if (lngText === '' || latText === '' || !(Math.abs(lng) <= 180) || !(Math.abs(lat) <= 90)) return {};
    const isUnknown = unknown.some(
      (other) => Math.abs(other.lng - lng) < SAME_POINT_DEGREES && Math.abs(other.lat - lat) < SAME_POINT_DEGREES,
    );
    return isUnknown ? {} : { lng, lat };
  };
}
