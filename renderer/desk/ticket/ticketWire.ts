import * as z from 'zod/mini';
import { ALERT_STATES, SEVERITIES, STIMULI } from '../../../domain/alarm.ts';
import { DOMAINS, FLAGS, PRIORITIES, STATUSES, STEPS, type Status } from '../../../domain/ticket.ts';
import type { Reader } from '../api.ts';
import { instant, readerOf } from '../readerOf.ts';

const step = z.object({
  step: z.enum(STEPS),
  at: instant,
  by: z.nullable(z.string()),
  note: z.nullable(z.string()),
  department: z.nullable(z.string()),
  dueAt: z.exactOptional(instant),
  into: z.exactOptional(z.string()),
  lateByMs: z.exactOptional(z.number()),
});
/** One entry of a ticket's timeline. */
export type TicketStep = z.infer<typeof step>;

const ticket = z.object({
  id: z.string(),
  number: z.string(),
  source: z.string(),
  domain: z.enum(DOMAINS),
  category: z.string(),
  title: z.string(),
  description: z.exactOptional(z.string()),
  priority: z.enum(PRIORITIES),
  location: z.object({ gridId: z.exactOptional(z.string()), address: z.exactOptional(z.string()) }),
  department: z.nullable(z.string()),
  assistDepartments: z.array(z.string()),
  reporter: z.exactOptional(
    z.object({
      id: z.exactOptional(z.string()),
      name: z.exactOptional(z.string()),
      phone: z.exactOptional(z.string()),
    }),
  ),
  reportedAt: instant,
  dueAt: z.nullable(instant),
  originalDueAt: z.exactOptional(instant),
  overdue: z.boolean(),
  suspendedAt: z.exactOptional(instant),
  points: z.number(),
  flags: z.array(z.enum(FLAGS)),
  status: z.enum(STATUSES),
  steps: z.array(step),
});
/** A ticket as the server shows it to whoever sits at the desk. */
export type DeskTicket = z.infer<typeof ticket>;

/** Of `GET /tickets/:id`. */
export const readTicket: Reader<{ readonly ticket: DeskTicket }> = readerOf(z.object({ ticket }));

export interface TicketPage {
  readonly items: readonly DeskTicket[];
  readonly total: number;
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly nextCursor: string | null;
}

/** Of `GET /tickets`. */
export const readTicketPage: Reader<TicketPage> = readerOf(
  z.object({
    items: z.array(ticket),
    total: z.number(),
    byStatus: z.record(z.enum(STATUSES), z.number()),
    nextCursor: z.nullable(z.string()),
  }),
);

const alert = z.object({
  id: z.string(),
  kind: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(ALERT_STATES),
  raisedAt: instant,
  note: z.exactOptional(z.string()),
  assignTo: z.exactOptional(z.string()),
  nextCheckAt: z.exactOptional(instant),
  shelvedBy: z.exactOptional(z.string()),
  shelvedUntilAt: z.exactOptional(instant),
});
const transition = z.object({
  at: instant,
  stimulus: z.enum(STIMULI),
  severity: z.enum(SEVERITIES),
  actor: z.exactOptional(z.string()),
  reason: z.string(),
});

const alertRecord = z.object({ alert, log: z.array(transition) });
/** An alert of a ticket with its last transitions, oldest first. */
export type TicketAlertRecord = z.infer<typeof alertRecord>;

/** Of `GET /tickets/:id/alerts`. */
export const readTicketAlerts: Reader<{ readonly items: readonly TicketAlertRecord[] }> = readerOf(
  z.object({ items: z.array(alertRecord) }),
);
