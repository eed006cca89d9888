import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '../../domain/alarm.ts';
import { bySchema, decodeSubscribeAnswer } from '../../protocol/decode.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import { createAlertPacker, createAlertUnpacker } from '../../protocol/packedAlert.ts';
import type { TicketPacking } from '../../protocol/packedTicket.ts';
import { emptySnapshot } from '../renderer/wallMessages.ts';
import { alert, onTheWire, placesIn, put, strangeThings, text } from '../support/wireShapes.ts';

const FROM = Date.parse('2026-03-18T10:06:00+08:00');
const packing = fc.record({ fromAt: fc.constantFrom(0, FROM), labels: fc.uniqueArray(text, { maxLength: 20 }) });

/** Nobody has done anything about it yet: as it was raised, or it ended by itself. */
const untouched = fc.tuple(alert, text, fc.boolean()).map(([full, ticketId, asRaised]) => {
  const { kind, severity, raisedAt, cause, level, climbAt, domain, category, department, gridId, communityId } =
    full as unknown as Alert;
  const { state, active, changedAt, unacknowledgedSinceAt } = full as unknown as Alert;
  const optional = Object.entries({ climbAt, domain, category, department, gridId, communityId });
  const ended = { state, active, changedAt, ...(unacknowledgedSinceAt === undefined ? {} : { unacknowledgedSinceAt }) };
  const raised = { state: 'unacknowledged', active: true, changedAt: raisedAt, unacknowledgedSinceAt: raisedAt };
  return {
    id: `${kind}:${ticketId}`,
    kind,
    severity,
    ticketId,
    raisedAt,
    cause,
    level,
    ...(asRaised ? raised : ended),
    ...Object.fromEntries(optional.filter(([, value]) => value !== undefined)),
  } as Alert;
});

function row(seen: Alert, how: TicketPacking): unknown {
  return JSON.parse(JSON.stringify(createAlertPacker(how)(seen)));
}

test('W42 a row says exactly what its alert says', () => {
  fc.assert(
    fc.property(untouched, packing, (seen, how) => {
      const reference = bySchema.alert(onTheWire(seen));
      expect({ ok: true, value: createAlertUnpacker(how)(row(seen, how)) }).toEqual(reference);
    }),
    { numRuns: 1000 },
  );
});

test('W42 an alert has a row only where that says all of it', () => {
  let packed = 0;
  const anyOf = fc.oneof(alert as unknown as fc.Arbitrary<Alert>, untouched, fc.tuple(untouched, alert).map(mixed));
  fc.assert(
    fc.property(anyOf, packing, (seen, how) => {
      const cells = createAlertPacker(how)(seen);
      if (cells === undefined) return;
      packed += 1;
      const read = createAlertUnpacker(how)(JSON.parse(JSON.stringify(cells)));
      expect({ ok: true, value: read }).toEqual(bySchema.alert(onTheWire(seen)));
    }),
    { numRuns: 2000 },
  );
  expect(packed).toBeGreaterThan(300);
});

/** One that nobody touched, but for one field of another. */
function mixed([usual, other]: readonly [Alert, Record<string, unknown>]): Alert {
  const keys = Object.keys(other).filter((key) => key !== 'cause');
  const key = keys[String(other.raisedAt).length % keys.length] as string;
  return { ...usual, [key]: other[key] } as Alert;
}

test('W42 W50 a row with a fault is taken only where what it says is an alert', () => {
  let refused = 0;
  fc.assert(
    fc.property(untouched, packing, fc.nat(), fc.constantFrom(...strangeThings), (seen, how, place, strange) => {
      const cells = { row: row(seen, how) };
      const places = placesIn(cells).slice(2);
      put(cells, places[place % places.length] as readonly string[], strange === undefined ? null : strange);
      const read = createAlertUnpacker(how)(cells.row);
      if (read === undefined) refused += 1;
      else expect(bySchema.alert(encodeInstants(read, () => 0))).toEqual({ ok: true, value: read });
    }),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(300);
});

test('W42 an answer is read with its alerts as rows, and as objects among them', () => {
  const how = { fromAt: FROM, labels: ['g1'] };
  const [first, second] = fc.sample(untouched, 2) as [Alert, Alert];
  const answer = onTheWire(emptySnapshot()) as { readonly board: object };
  const alerts = [row(first, how), onTheWire(second)];
  const read = decodeSubscribeAnswer({ ...answer, board: { ...answer.board, packing: onTheWire(how), alerts } });
  const values = [first, second].map((one) => bySchema.alert(onTheWire(one)));
  expect(read.ok && read.value.ok && read.value.kind === 'snapshot' && read.value.board.alerts).toEqual(
    values.map((value) => (value.ok ? value.value : undefined)),
  );
});
