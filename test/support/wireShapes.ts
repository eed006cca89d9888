import fc from 'fast-check';
import { ALERT_KINDS, ALERT_STATES, SEVERITIES } from '../../domain/alarm.ts';
import { LIMIT_CLOCKS } from '../../domain/sla.ts';
import { DOMAINS, FLAGS, PRIORITIES, STATUSES, STEPS } from '../../domain/ticket.ts';
import { encodeInstants } from '../../protocol/instants.ts';

export const at = fc.integer({ min: 0, max: 4_000_000_000_000 });
export const text = fc.string({ maxLength: 8 });
export const count = fc.nat(9);
export const figure = fc.double({ noNaN: true, noDefaultInfinity: true });
export const flags = fc.array(fc.constantFrom(...FLAGS), { maxLength: 3 });
const location = fc.record({ gridId: text, address: text, lng: figure, lat: figure }, { requiredKeys: [] });
const reporter = fc.record({ id: text, name: text, phone: text }, { requiredKeys: [] });

/** What a ticket and the report of one have in common. */
export const reported = {
  number: text,
  source: text,
  domain: fc.constantFrom(...DOMAINS),
  category: text,
  title: text,
  priority: fc.constantFrom(...PRIORITIES),
  location,
  assistDepartments: fc.array(text, { maxLength: 2 }),
  recordedAt: at,
  flags,
};
export const reportedOptional = {
  description: text,
  department: text,
  reporter,
  dueAt: at,
  criticalAt: at,
  clock: fc.constantFrom(...LIMIT_CLOCKS),
  overdueClaim: fc.boolean(),
  contentHash: text,
};

/** Of these fields the required ones always, the others now and then. */
export function shape(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
}

const step = shape(
  { step: fc.constantFrom(...STEPS), at, recordedAt: at },
  { id: text, by: text, department: text, note: text, into: text, dueAt: at, points: count, contentHash: text },
);
/** A ticket with any of its fields, in any state. */
export const ticket = shape(
  {
    ...reported,
    id: text,
    reportedAt: at,
    status: fc.constantFrom(...STATUSES),
    steps: fc.array(step, { maxLength: 4 }),
    level: count,
    points: count,
  },
  { ...reportedOptional, originalDueAt: at, suspendedAt: at, handledAt: at, endedAt: at },
);
/** Numbers under names of instants are instants (W50); one that no calendar holds is nothing a server could have written. */
const figures = fc
  .dictionary(text, fc.oneof(text, figure), { maxKeys: 3 })
  .filter((drawn) =>
    Object.entries(drawn).every(
      ([key, value]) => !/(^at|At)$/.test(key) || typeof value === 'string' || Math.abs(value) < 8e15,
    ),
  );
const cause = shape({ code: text }, { figures });
/** An alert with any of its fields, in any state. */
export const alert = shape(
  {
    id: text,
    kind: fc.constantFrom(...ALERT_KINDS),
    severity: fc.constantFrom(...SEVERITIES),
    state: fc.constantFrom(...ALERT_STATES),
    active: fc.boolean(),
    raisedAt: at,
    cause,
    level: count,
    changedAt: at,
  },
  {
    ticketId: text,
    domain: fc.constantFrom(...DOMAINS),
    category: text,
    department: text,
    gridId: text,
    communityId: text,
    unacknowledgedSinceAt: at,
    acknowledgedBy: text,
    acknowledgedById: text,
    acknowledgedAt: at,
    disposition: text,
    note: text,
    assignTo: text,
    nextCheckAt: at,
    lapsedAt: at,
    shelvedBy: text,
    shelvedUntilAt: at,
    shelveReason: text,
    climbAt: at,
  },
);
/** As it arrives, parsed and not looked at. */
export function onTheWire(value: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(encodeInstants(value, () => 480))) as Record<string, unknown>;
}

/** Every place in a JSON value, by its path. */
export function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => placesIn(part, [...path, key]))];
}

/** Puts something in such a place; undefined takes it out. */
export function put(value: Record<string, unknown>, path: readonly string[], strange: unknown): void {
  const holder = path.slice(0, -1).reduce((part, key) => part[key] as Record<string, unknown>, value);
  const key = path.at(-1) as string;
  if (strange === undefined) delete holder[key];
  else holder[key] = strange;
}

/** Removed, or another kind of value, or one of its own kind that may not stand there. */
export const strangeThings = [
  undefined,
  null,
  5,
  -1,
  0.5,
  1e300,
  '',
  'x',
  '2026-03-18T10:06:00+08:00',
  true,
  [],
  [1],
  {},
];
