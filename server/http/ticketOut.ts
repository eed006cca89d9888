import { z } from 'zod';
import type { Masker } from '../../domain/masking.ts';
import { isOverdue } from '../../domain/sla.ts';
import { DOMAINS, FLAGS, PRIORITIES, STATUSES, STEPS, type StepRecord, type Ticket } from '../../domain/ticket.ts';
import type { Identity } from '../identity/identity.ts';
import type { WireInstant } from './wireInstant.ts';

const wireInstant = z.iso.datetime({ offset: true });

export const stepOut = z.strictObject({
  step: z.enum(STEPS),
  at: wireInstant,
  by: z.string().nullable(),
  note: z.string().nullable(),
  department: z.string().nullable(),
  dueAt: wireInstant.optional().meta({ description: 'The deadline from here on, where this step moved it' }),
  into: z.string().optional().meta({ description: 'The ticket it was merged into' }),
  lateByMs: z
    .number()
    .int()
    .positive()
    .optional()
    .meta({ description: 'On `handle`, or on `close` where no handle stands, after the deadline then in force' }),
});

export const ticketOut = z
  .strictObject({
    id: z.string(),
    number: z.string(),
    source: z.string(),
    domain: z.enum(DOMAINS),
    category: z.string(),
    title: z.string(),
    description: z.string().optional(),
    priority: z.enum(PRIORITIES),
    location: z.strictObject({
      gridId: z.string().optional(),
      address: z.string().optional(),
      lng: z.number().optional(),
      lat: z.number().optional(),
    }),
    department: z.string().nullable(),
    assistDepartments: z.array(z.string()),
    reporter: z
      .strictObject({ id: z.string().optional(), name: z.string().optional(), phone: z.string().optional() })
      .optional(),
    reportedAt: wireInstant,
    recordedAt: wireInstant.meta({ description: 'When the server took it down' }),
    dueAt: wireInstant.nullable(),
    originalDueAt: wireInstant
      .optional()
      .meta({ description: 'The deadline at report, where it was moved since (extended, suspended)' }),
    overdueClaim: z.boolean().optional(),
    overdue: z.boolean(),
    suspendedAt: wireInstant.optional().meta({ description: 'Since when the clock stands still' }),
    points: z.number(),
    level: z.number().int().meta({ description: 'How often it was escalated' }),
    flags: z.array(z.enum(FLAGS)),
    status: z.enum(STATUSES),
    steps: z.array(stepOut).min(1).meta({ description: 'In order of arrival; the first is `report`' }),
  })
  .meta({
    description:
      'A ticket with its whole timeline. Always present, null where there is none: `department`, `dueAt`, and `by`, `note`, `department` of a step. Absent where not given: `description`, `reporter`, `originalDueAt`, `overdueClaim`, `suspendedAt`. Personal originals only for duty and admin.',
  });
export type TicketOut = z.infer<typeof ticketOut>;

/** So that a desk can show a ticket without showing what is personal in it. */
export const personal = z.enum(['originals', 'masked']).default('originals').meta({
  description:
    '`originals` only duty and admin get, and that is written down; `masked`: what viewers are shown, for duty and admin with the names of staff',
});

/** How much of the people in a ticket is shown; `staffNamed`: no personal data but the names of staff. */
export type TicketView = 'originals' | 'staffNamed' | 'masked';

/** What a caller gets of a ticket. */
export function viewFor(identity: Identity | undefined, wanted: z.infer<typeof personal> = 'originals'): TicketView {
  if (!seesOriginals(identity)) return 'masked';
  return wanted === 'originals' ? 'originals' : 'staffNamed';
}

/** A ticket as one reader may see it. */
export type TicketWriter = (ticket: Ticket) => TicketOut;

export interface Masking {
  readonly masker: Masker;
  /** For labels that strangers may have sent (`createLabelMasking`). */
  readonly labelMask: (label: string) => string;
  /** Who closes by itself; no person. */
  readonly ownActor: string | undefined;
}

/**
 * Without phone number, and with names, labels and texts as the walls would show them. `staffNamed`: who took a step, and
 * an officer who reported, by a staff number, keep their names (visual specification §5: the desk shows full names).
 */
export function maskedTicket(ticket: Ticket, masking: Masking, staffNamed = false): Ticket {
  const { masker, labelMask, ownActor } = masking;
  const { reporter, description, location, department } = ticket;
  const ofStaff = (name: string) => staffNamed && (name !== reporter?.name || reporter.id !== undefined);
  const person = (name: string) => (name === ownActor || ofStaff(name) ? name : masker.personName(name));
  const otherNames = ticket.steps.flatMap(({ by }) => (by === undefined || by === ownActor ? [] : [by]));
  const known = { otherNames, ...(reporter?.name === undefined ? {} : { reporterName: reporter.name }) };
  const text = (value: string) => masker.text(value, known);
  return {
    ...ticket,
    title: text(ticket.title),
    ...(description === undefined ? {} : { description: text(description) }),
    source: labelMask(ticket.source),
    category: labelMask(ticket.category),
    ...(department === undefined ? {} : { department: labelMask(department) }),
    assistDepartments: ticket.assistDepartments.map(labelMask),
    location: {
      ...location,
      ...(location.gridId === undefined ? {} : { gridId: labelMask(location.gridId) }),
      ...(location.address === undefined ? {} : { address: text(location.address) }),
    },
    ...(reporter === undefined
      ? {}
      : {
          reporter: {
            ...(reporter.id === undefined ? {} : { id: masker.personName(reporter.id) }),
            ...(reporter.name === undefined ? {} : { name: person(reporter.name) }),
          },
        }),
    steps: ticket.steps.map((step) => ({
      ...step,
      ...(step.by === undefined ? {} : { by: person(step.by) }),
      ...(step.note === undefined ? {} : { note: text(step.note) }),
      ...(step.department === undefined ? {} : { department: labelMask(step.department) }),
    })),
  };
}

/** Personal originals are for duty and admin, masked to everyone else, sources too (contract, Roles). */
export function seesOriginals(identity: Identity | undefined): boolean {
  return identity?.kind === 'staff' && (identity.role === 'duty' || identity.role === 'admin');
}

export function createTicketOut(
  parts: Masking & {
    readonly instant: WireInstant;
    readonly now: () => number;
  },
): (view: TicketView) => TicketWriter {
  const { instant, now } = parts;

  function stepsOut(ticket: Ticket): TicketOut['steps'] {
    let dueAt = ticket.originalDueAt;
    let handled = false;
    return ticket.steps.map((record: StepRecord) => {
      dueAt = record.dueAt ?? dueAt;
      const finishes = record.step === 'handle' || (record.step === 'close' && !handled);
      if (record.step === 'handle') handled = true;
      if (record.step === 'rework') handled = false;
      const lateByMs = finishes && dueAt !== undefined ? record.at - dueAt : 0;
      return {
        step: record.step,
        at: instant(record.at),
        by: record.by ?? null,
        note: record.note ?? null,
        department: record.department ?? null,
        ...(record.dueAt === undefined ? {} : { dueAt: instant(record.dueAt) }),
        ...(record.into === undefined ? {} : { into: record.into }),
        ...(lateByMs > 0 ? { lateByMs } : {}),
      };
    });
  }

  return (view) => (held) => {
    const ticket = view === 'originals' ? held : maskedTicket(held, parts, view === 'staffNamed');
    return {
      id: ticket.id,
      number: ticket.number,
      source: ticket.source,
      domain: ticket.domain,
      category: ticket.category,
      title: ticket.title,
      ...(ticket.description === undefined ? {} : { description: ticket.description }),
      priority: ticket.priority,
      location: ticket.location,
      department: ticket.department ?? null,
      assistDepartments: [...ticket.assistDepartments],
      ...(ticket.reporter === undefined ? {} : { reporter: ticket.reporter }),
      reportedAt: instant(ticket.reportedAt),
      recordedAt: instant(ticket.recordedAt),
      dueAt: ticket.dueAt === undefined ? null : instant(ticket.dueAt),
      ...(ticket.originalDueAt === undefined || ticket.originalDueAt === ticket.dueAt
        ? {}
        : { originalDueAt: instant(ticket.originalDueAt) }),
      ...(ticket.overdueClaim === undefined ? {} : { overdueClaim: ticket.overdueClaim }),
      overdue: isOverdue(ticket, now()),
      ...(ticket.suspendedAt === undefined ? {} : { suspendedAt: instant(ticket.suspendedAt) }),
      points: ticket.points,
      level: ticket.level,
      flags: [...ticket.flags],
      status: ticket.status,
      steps: stepsOut(ticket),
    };
  };
}
