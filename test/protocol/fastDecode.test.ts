import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { ALERT_STATES, STIMULI } from '../../domain/alarm.ts';
import type { TicketReported } from '../../domain/events.ts';
import { STATUSES, STEPS } from '../../domain/ticket.ts';
import { bySchema, decodeEventFrame } from '../../protocol/decode.ts';
import { readAlert, readEvent, readTicket } from '../../protocol/fastDecode.ts';
import {
  alert,
  at,
  flags,
  onTheWire,
  placesIn,
  put,
  reported,
  reportedOptional,
  shape,
  strangeThings,
  text,
  ticket,
} from '../support/wireShapes.ts';

const event = fc.oneof(
  shape({ type: fc.constant('ticketReported'), ticketId: text, at, ...reported }, reportedOptional),
  shape(
    {
      type: fc.constant('stepTaken'),
      ticketId: text,
      at,
      recordedAt: at,
      step: fc.constantFrom(...STEPS),
      status: fc.constantFrom(...STATUSES),
      flags,
    },
    {
      stepId: text,
      by: text,
      department: text,
      note: text,
      into: text,
      dueAt: at,
      criticalAt: at,
      contentHash: text,
    },
  ),
  shape({
    type: fc.constant('alertChanged'),
    at,
    recordedAt: at,
    stimulus: fc.constantFrom(...STIMULI),
    from: fc.constantFrom(...ALERT_STATES),
    reason: text,
    alert,
  }),
);

const readers = [
  ['ticket', ticket, readTicket, bySchema.ticket],
  ['alert', alert, readAlert, bySchema.alert],
  ['event', event, readEvent, bySchema.event],
] as const;

test.each(readers)('W50 a %s that fits is read by hand as its schema reads it', (_name, fitting, quick, schema) => {
  fc.assert(
    fc.property(fitting, (value) => {
      const reference = schema(onTheWire(value));
      // The generator draws `report` as a step taken, which the schema refuses
      expect(quick(onTheWire(value))).toEqual(reference.ok ? reference.value : undefined);
    }),
  );
});

test.each(readers)(
  'W50 a %s with a fault is taken by hand only where its schema takes it',
  (_n, fitting, quick, schema) => {
    fc.assert(
      fc.property(fitting, fc.nat(), fc.constantFrom(...strangeThings), (value, place, strange) => {
        const wire = onTheWire(value);
        const places = placesIn(wire).slice(1);
        put(wire, places[place % places.length] as readonly string[], strange);
        const read = quick(structuredClone(wire));
        if (read !== undefined) expect({ ok: true, value: read }).toEqual(schema(wire));
      }),
      { numRuns: 2000 },
    );
  },
);

test.each(readers)('W50 a field that a newer server adds to a %s is left out by hand too', (_n, fitting, quick) => {
  fc.assert(
    fc.property(fitting, (value) => {
      expect(quick({ ...onTheWire(value), colour: 'red', seenAt: 'later' })).toEqual(quick(onTheWire(value)));
    }),
  );
});

test('W50 the schema names the fault of one event among many', () => {
  const fits = { type: 'ticketArchived', ticketId: 'T-1', at: '2026-03-18T10:06:00+08:00' };
  const frame = { epoch: 'e', fromSeq: 1, toSeq: 2, at: fits.at, events: [{ ...fits, recordedAt: fits.at }, fits] };
  expect(decodeEventFrame(frame)).toEqual({ ok: false, reason: expect.stringMatching(/^events\.1\.recordedAt: /) });
});

test('what many tickets have alike is kept once, and forgotten before it is too much', async () => {
  vi.resetModules();
  const fresh = await import('../../protocol/fastDecode.ts');
  const read = (gridId: string, place: object = {}) =>
    fresh.readEvent({
      type: 'ticketReported',
      ticketId: 'T-1',
      number: 'GD-260318-0001',
      at: '2026-03-18T10:06:00+08:00',
      recordedAt: '2026-03-18T10:06:00+08:00',
      source: '12345',
      domain: 'urban',
      category: 'litter',
      title: '巡检上报',
      priority: 'normal',
      location: { gridId, ...place },
      assistDepartments: [],
      flags: [],
    }) as TicketReported;
  const [one, other] = [read('g-1'), read('g-1')];
  expect(one.location).toBe(other.location);
  expect(one.flags).toBe(other.flags);
  expect(one.assistDepartments).toBe(other.assistDepartments);
  expect(read('g-1', { address: '银河路 12 号' }).location).toEqual({ gridId: 'g-1', address: '银河路 12 号' });
  expect(read('g-1', { lng: 116.6 }).location).toEqual({ gridId: 'g-1', lng: 116.6 });
  const long = 'g'.repeat(201);
  expect(read(long).location).toEqual({ gridId: long });
  expect(read(long).location).not.toBe(read(long).location);
  // A sender that names ever new ones does not make the wall remember them all
  for (let i = 0; i < 5000; i += 1) expect(read(`flood-${i}`).location).toEqual({ gridId: `flood-${i}` });
  expect(read('g-1').location).not.toBe(one.location);
  expect(read('g-1').location).toEqual(one.location);
});
