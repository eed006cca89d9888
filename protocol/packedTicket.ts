import { LIMIT_CLOCKS } from '../domain/sla.ts';
import {
  DOMAINS,
  FLAGS,
  type Flag,
  type Location,
  PRIORITIES,
  STATUSES,
  STEPS,
  type StepRecord,
  type Ticket,
} from '../domain/ticket.ts';

/**
 * Tickets as rows: a fifth of the bytes of their JSON, and read in a tenth of the time, so that a wall is back after an
 * outage before anybody looks (docs/performance.md). A row says exactly what the ticket says. Its columns stand in the
 * order of `COLUMNS`; what is usual is null, and trailing nulls are left out. Names out of closed lists are their place
 * in the list, labels that the deployment lists their place in `labels`; instants are ms from `fromAt`, those of a ticket
 * from its report. Whoever writes rows sends the same `TicketPacking` along.
 */
export interface TicketPacking {
  readonly fromAt: number;
  /** Never more than the deployment lists, whatever sources send. */
  readonly labels: readonly string[];
}

/** At the place of each column what a null in it stands for; without a word there is always a value. */
const COLUMNS = [
  'id',
  'number',
  'title',
  'source',
  'domain',
  'category',
  'status',
  'reportedAt',
  /** The report. */
  'recordedAt',
  /** A grid's label, or `[address | null, lng | null, lat | null]`; nothing known. */
  'location',
  /** None. */
  'department',
  /** None, as for the two after next. */
  'dueAt',
  /** That of `dueAt`; false: none, though there is a `dueAt`. */
  'originalDueAt',
  'criticalAt',
  'clock',
  /** Normal. */
  'priority',
  /** The report alone, by nobody, for the ticket's department, at its instants; else cells for each step (`stepCells`). */
  'steps',
  /** No flags, no departments that assist. */
  'flags',
  'assistDepartments',
  /** 0, both. */
  'level',
  'points',
  /** None, all. */
  'handledAt',
  'endedAt',
  'suspendedAt',
  'overdueClaim',
] as const;

type Column = (typeof COLUMNS)[number];
const at = Object.fromEntries(COLUMNS.map((column, i) => [column, i])) as Readonly<Record<Column, number>>;

type Cell = string | number | boolean | null | readonly Cell[];
export type PackedTicket = readonly Cell[];

/** What no row has a place for. No wall gets any of it; a ticket that has some goes unpacked. */
function isMoreThanARow(ticket: Ticket): boolean {
  return (
    ticket.description !== undefined ||
    ticket.reporter !== undefined ||
    ticket.contentHash !== undefined ||
    ticket.steps.some((step) => step.id !== undefined || step.note !== undefined || step.contentHash !== undefined)
  );
}

export function createTicketPacker({ fromAt, labels }: TicketPacking): (ticket: Ticket) => PackedTicket | undefined {
  const places = new Map(labels.map((label, i) => [label, i]));
  const label = (text: string): Cell => places.get(text) ?? text;
  const maybeLabel = (text: string | undefined): Cell => (text === undefined ? null : label(text));

  function place({ gridId, address, lng, lat }: Location): Cell {
    const noPoint = address === undefined && lng === undefined && lat === undefined;
    if (noPoint) return maybeLabel(gridId);
    const cells = [address ?? null, lng ?? null, lat ?? null];
    return gridId === undefined ? cells : [...cells, label(gridId)];
  }

  /** For each `step`, ms from the report, ms from there to its record, and `[by, department, dueAt, points, into]` where it has one of them. */
  function stepCells({ steps, reportedAt, recordedAt, department }: Ticket): Cell {
    const [first] = steps;
    const isUsual =
      steps.length === 1 &&
      first?.step === 'report' &&
      first.at === reportedAt &&
      first.recordedAt === recordedAt &&
      first.by === undefined &&
      first.department === department &&
      first.dueAt === undefined &&
      first.points === undefined &&
      first.into === undefined;
    if (isUsual) return null;
    return steps.flatMap((record) => {
      const { by, dueAt, points, into } = record;
      const more: Cell[] = [
        by ?? null,
        maybeLabel(record.department),
        dueAt === undefined ? null : dueAt - reportedAt,
        points ?? null,
        into ?? null,
      ];
      while (more.at(-1) === null) more.pop();
      const cells = [STEPS.indexOf(record.step), record.at - reportedAt, record.recordedAt - record.at];
      return more.length === 0 ? cells : [...cells, more];
    });
  }

  return (ticket) => {
    if (isMoreThanARow(ticket)) return undefined;
    const { reportedAt, dueAt, originalDueAt } = ticket;
    const fromReport = (instant: number | undefined): Cell => (instant === undefined ? null : instant - reportedAt);
    const cells: Record<Column, Cell> = {
      id: ticket.id,
      number: ticket.number,
      title: ticket.title,
      source: label(ticket.source),
      domain: DOMAINS.indexOf(ticket.domain),
      category: label(ticket.category),
      status: STATUSES.indexOf(ticket.status),
      reportedAt: reportedAt - fromAt,
      recordedAt: ticket.recordedAt === reportedAt ? null : ticket.recordedAt - reportedAt,
      location: place(ticket.location),
      department: maybeLabel(ticket.department),
      dueAt: fromReport(dueAt),
      originalDueAt: originalDueAt === dueAt ? null : originalDueAt === undefined ? false : originalDueAt - reportedAt,
      criticalAt: fromReport(ticket.criticalAt),
      clock: ticket.clock === undefined ? null : LIMIT_CLOCKS.indexOf(ticket.clock),
      priority: ticket.priority === 'normal' ? null : PRIORITIES.indexOf(ticket.priority),
      steps: stepCells(ticket),
      flags: ticket.flags.length === 0 ? null : ticket.flags.map((flag) => FLAGS.indexOf(flag)),
      assistDepartments: ticket.assistDepartments.length === 0 ? null : ticket.assistDepartments.map(label),
      level: ticket.level === 0 ? null : ticket.level,
      points: ticket.points === 0 ? null : ticket.points,
      handledAt: fromReport(ticket.handledAt),
      endedAt: fromReport(ticket.endedAt),
      suspendedAt: fromReport(ticket.suspendedAt),
      overdueClaim: ticket.overdueClaim ?? null,
    };
    const row = COLUMNS.map((column) => cells[column]);
    while (row.at(-1) === null) row.pop();
    return row;
  };
}

/** What a date can hold, in ms from 1970. */
export const LAST_INSTANT = 8.64e15;
/** Shared by all who have none: a board holds tens of thousands. */
const NO_FLAGS: readonly Flag[] = [];
const NO_DEPARTMENTS: readonly string[] = [];

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Rows off the wire, parsed but not looked at; undefined for whatever is no row of this packing. */
export function createTicketUnpacker({ fromAt, labels }: TicketPacking): (row: unknown) => Ticket | undefined {
  /** A cell of the row that is being read does not fit; what stands for its value is thrown away with the row. */
  let isFaulty = false;
  function notFitting<T>(instead: T): T {
    isFaulty = true;
    return instead;
  }
  const isSet = (cell: unknown) => cell !== undefined && cell !== null;
  const text = (cell: unknown) => (typeof cell === 'string' ? cell : notFitting(''));
  const label = (cell: unknown) => (typeof cell === 'number' ? (labels[cell] ?? notFitting('')) : text(cell));
  const figure = (cell: unknown) => (Number.isFinite(cell) ? (cell as number) : notFitting(0));
  const instant = (cell: unknown, from: number) => {
    const written = figure(cell) + from;
    return Math.abs(written) <= LAST_INSTANT && Number.isInteger(written) ? written : notFitting(0);
  };
  const count = (cell: unknown) =>
    Number.isSafeInteger(cell) && (cell as number) >= 0 ? (cell as number) : notFitting(0);
  const list = (cell: unknown): readonly unknown[] => (Array.isArray(cell) ? cell : notFitting([]));
  function oneOf<T>(values: readonly [T, ...T[]], cell: unknown): T {
    return values[figure(cell)] ?? notFitting(values[0]);
  }

  /** Of each label, were it a grid's: made once for all its tickets. */
  const places = labels.map((gridId): Location => ({ gridId }));

  function place(cell: unknown): Location {
    if (typeof cell === 'number') return places[cell] ?? notFitting({});
    if (!isSet(cell)) return {};
    if (!Array.isArray(cell)) return { gridId: text(cell) };
    const [address, lng, lat, gridId] = cell as readonly unknown[];
    const location: Writable<Location> = {};
    if (isSet(gridId)) location.gridId = label(gridId);
    if (isSet(address)) location.address = text(address);
    if (isSet(lng)) location.lng = figure(lng);
    if (isSet(lat)) location.lat = figure(lat);
    return location;
  }

  function stepsOf(cell: unknown, reportedAt: number): StepRecord[] {
    const cells = list(cell);
    const steps: StepRecord[] = [];
    let i = 0;
    while (i < cells.length) {
      const happenedAt = instant(cells[i + 1], reportedAt);
      const record: Writable<StepRecord> = {
        step: oneOf(STEPS, cells[i]),
        at: happenedAt,
        recordedAt: instant(cells[i + 2], happenedAt),
      };
      i += 3;
      const more = cells[i];
      if (Array.isArray(more)) {
        const [by, department, dueAt, points, into] = more as readonly unknown[];
        if (isSet(by)) record.by = text(by);
        if (isSet(department)) record.department = label(department);
        if (isSet(dueAt)) record.dueAt = instant(dueAt, reportedAt);
        if (isSet(points)) record.points = figure(points);
        if (isSet(into)) record.into = text(into);
        i += 1;
      }
      steps.push(record);
    }
    return steps;
  }

  function ticketOf(row: readonly unknown[]): Ticket {
    const reportedAt = instant(row[at.reportedAt], fromAt);
    const recordedCell = row[at.recordedAt];
    const recordedAt = isSet(recordedCell) ? instant(recordedCell, reportedAt) : reportedAt;
    const departmentCell = row[at.department];
    const department = isSet(departmentCell) ? label(departmentCell) : undefined;
    const stepsCell = row[at.steps];
    let steps: StepRecord[];
    if (isSet(stepsCell)) steps = stepsOf(stepsCell, reportedAt);
    else if (department === undefined) steps = [{ step: 'report', at: reportedAt, recordedAt }];
    else steps = [{ step: 'report', at: reportedAt, recordedAt, department }];
    const [priority, level, points] = [row[at.priority], row[at.level], row[at.points]];
    const [flags, assistDepartments] = [row[at.flags], row[at.assistDepartments]];
    const ticket: Writable<Ticket> = {
      id: text(row[at.id]),
      number: text(row[at.number]),
      source: label(row[at.source]),
      domain: oneOf(DOMAINS, row[at.domain]),
      category: label(row[at.category]),
      title: text(row[at.title]),
      priority: isSet(priority) ? oneOf(PRIORITIES, priority) : 'normal',
      location: place(row[at.location]),
      assistDepartments: isSet(assistDepartments) ? list(assistDepartments).map(label) : NO_DEPARTMENTS,
      reportedAt,
      recordedAt,
      status: oneOf(STATUSES, row[at.status]),
      steps,
      level: isSet(level) ? count(level) : 0,
      points: isSet(points) ? figure(points) : 0,
      flags: isSet(flags) ? list(flags).map((flag): Flag => oneOf(FLAGS, flag)) : NO_FLAGS,
    };
    if (department !== undefined) ticket.department = department;
    const dueAt = row[at.dueAt];
    if (isSet(dueAt)) ticket.dueAt = instant(dueAt, reportedAt);
    const originalDueAt = row[at.originalDueAt];
    if (isSet(originalDueAt)) {
      if (originalDueAt !== false) ticket.originalDueAt = instant(originalDueAt, reportedAt);
    } else if (ticket.dueAt !== undefined) ticket.originalDueAt = ticket.dueAt;
    const clock = row[at.clock];
    if (isSet(clock)) ticket.clock = oneOf(LIMIT_CLOCKS, clock);
    for (const key of ['criticalAt', 'handledAt', 'endedAt', 'suspendedAt'] as const) {
      const cell = row[at[key]];
      if (isSet(cell)) ticket[key] = instant(cell, reportedAt);
    }
    const claim = row[at.overdueClaim];
    if (isSet(claim)) ticket.overdueClaim = typeof claim === 'boolean' ? claim : notFitting(false);
    return ticket;
  }

  return (row) => {
    if (!Array.isArray(row)) return undefined;
    isFaulty = false;
    const ticket = ticketOf(row);
    return isFaulty ? undefined : ticket;
  };
}
