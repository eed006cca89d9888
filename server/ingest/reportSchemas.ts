import { z } from 'zod';
import { DOMAINS, PRIORITIES, STEPS, type Step, type StepReport, type TicketReport } from '../../domain/ticket.ts';
import type { FaultyField } from './problem.ts';

/** NUL, the bidi embeddings, overrides and isolates, and halves of surrogate pairs: no honest text needs them, and they deceive readers or break stores. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming NUL is the point
const FORBIDDEN_CHARACTERS = /[\u0000\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u;

const EARLIEST_AT = Date.parse('1900-01-01T00:00:00Z');
const LATEST_AT = Date.parse('2200-01-01T00:00:00Z');

/** Ticket and step ids (contract, Ticket in). */
export const ID_PATTERN = /^[A-Za-z0-9_.:-]{1,64}$/;

/** Text of at most `max` characters (code points, as JSON Schema counts them), HTML left as it is. */
export function text(max: number, least: 'mayBeEmpty' | 'notBlank' = 'notBlank') {
  return z
    .string()
    .refine((value) => !FORBIDDEN_CHARACTERS.test(value), 'holds NUL, a bidi control or half a character')
    .refine((value) => value.length <= max || [...value].length <= max, `longer than ${max} characters`)
    .refine((value) => least === 'mayBeEmpty' || value.trim() !== '', 'must not be blank')
    .meta({ maxLength: max, ...(least === 'mayBeEmpty' ? {} : { minLength: 1 }) });
}

/** An ISO 8601 instant with offset, of the years 1900 to 2199, as epoch ms. */
export const instant = z.iso
  .datetime({ offset: true, error: 'not an ISO 8601 instant with offset, such as 2026-03-18T10:06:00+08:00' })
  .transform((value) => Date.parse(value))
  .refine((at) => at >= EARLIEST_AT && at < LATEST_AT, 'lies outside the years 1900 to 2199');

const id = z.string().regex(ID_PATTERN, 'must be 1–64 of A–Z a–z 0–9 _ . : -');

const SENT_STEPS = STEPS.filter((step): step is Exclude<Step, 'report'> => step !== 'report');

export const ticketIn = z
  .object({
    id: id.optional().meta({ description: 'Unique on the server; the server makes one where absent' }),
    source: text(100).meta({ description: 'A free label: the channel it came by' }),
    domain: z.enum(DOMAINS).optional(),
    category: text(200),
    title: text(200),
    description: text(10_000, 'mayBeEmpty').optional(),
    priority: z.enum(PRIORITIES).optional(),
    location: z.object({
      gridId: text(200).optional(),
      address: text(500, 'mayBeEmpty').optional(),
      lng: z.number().min(-180).max(180).optional(),
      lat: z.number().min(-90).max(90).optional(),
    }),
    department: text(200).optional(),
    assistDepartments: z.array(text(200)).max(50).optional(),
    reporter: z
      .object({
        id: text(100, 'mayBeEmpty').optional(),
        name: text(200, 'mayBeEmpty').optional(),
        phone: text(100, 'mayBeEmpty').optional(),
      })
      .optional(),
    reportedAt: instant.optional(),
    dueAt: instant.optional(),
    overdueClaim: z.boolean().optional(),
  })
  .meta({ description: 'A new ticket, as a source claims it. Unknown fields are ignored.' });

export const stepIn = z
  .object({
    id: id.optional().meta({ description: 'Of this step, so that it can be sent again safely' }),
    step: z.enum(SENT_STEPS),
    at: instant.optional(),
    by: text(200, 'mayBeEmpty').optional(),
    department: text(200).optional(),
    note: text(10_000, 'mayBeEmpty').optional(),
    dueAt: instant.optional().meta({ description: '`extend`: the new deadline' }),
    into: id.optional().meta({ description: '`merge`: the ticket that carries on' }),
  })
  .meta({ description: 'What was done to a ticket. Unknown fields are ignored.' });

/** Every fault in what was sent, each with its path: `location.lng`, `assistDepartments.0`. */
export function faultyFields(error: z.ZodError): FaultyField[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: FaultyField[] };

function check<T>(schema: z.ZodType, input: unknown): Checked<T> {
  const result = schema.safeParse(input);
  // Optional keys come out absent or with a value, never as undefined, which the domain's types demand
  return result.success ? { ok: true, value: result.data as T } : { ok: false, errors: faultyFields(result.error) };
}

export function checkReport(input: unknown): Checked<TicketReport> {
  return check(ticketIn, input);
}

export function checkStep(input: unknown): Checked<StepReport> {
  return check(stepIn, input);
}
