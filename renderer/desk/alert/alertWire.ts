import * as z from 'zod/mini';
import { ALERT_STATES, SEVERITIES, STIMULI } from '../../../domain/alarm.ts';
import { LIMIT_CLOCKS } from '../../../domain/sla.ts';
import { instant, readerOf } from '../readerOf.ts';

const transition = z.object({
  at: instant,
  stimulus: z.enum(STIMULI),
  to: z.enum(ALERT_STATES),
  severity: z.enum(SEVERITIES),
  level: z.number(),
  actor: z.exactOptional(z.string()),
  reason: z.string(),
});
/** One transition of an alert's log. */
export type Transition = z.infer<typeof transition>;

/** Of `GET /alerts/:id`. */
export const readAlertLog = readerOf(z.object({ log: z.array(transition) }));

/** Of the answer to a command: that it names the alert is all that counts, the board brings the rest. */
export const readCommanded = readerOf(z.object({ alert: z.object({ id: z.string() }) }));

/** Of `GET /tickets/:id`: what the board does not carry. */
export const readTicketFacts = readerOf(
  z.object({
    ticket: z.object({
      id: z.string(),
      description: z.exactOptional(z.string()),
      reporter: z.exactOptional(z.object({ name: z.exactOptional(z.string()), id: z.exactOptional(z.string()) })),
    }),
  }),
);

const span = z.object({ standard: z.number(), most: z.number() });
/** Of `GET /deployment`: the rules of handling, and the limits of categories. */
export const readRules = readerOf(
  z.object({
    readableNumbers: z.array(z.string()),
    categories: z.array(
      z.object({
        id: z.string(),
        limit: z.nullable(z.object({ clock: z.enum(LIMIT_CLOCKS), amount: z.number() })),
      }),
    ),
    alarms: z.object({
      nextCheckMinutes: z.object({ low: span, medium: span, high: span, critical: span }),
      shelveMinutesAtMost: z.number(),
    }),
  }),
);
export type DeskRules = NonNullable<ReturnType<typeof readRules>>;

/** Of `GET /walls`. */
export const readWalls = readerOf(
  z.object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        connected: z.boolean(),
        spotlight: z.nullable(z.object({ ticketId: z.string() })),
      }),
    ),
  }),
);

/** Of `GET /walls/:id/preview/:ticketId`: the ticket as that wall would show it. */
export const readPreview = readerOf(
  z.object({ ticket: z.object({ id: z.string(), number: z.string(), title: z.string() }) }),
);
