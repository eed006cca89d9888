import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ticket } from '../../domain/ticket.ts';
import { bySchema, decodeSubscribeAnswer } from '../../protocol/decode.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import { createTicketPacker, createTicketUnpacker, type TicketPacking } from '../../protocol/packedTicket.ts';
import { emptySnapshot } from '../renderer/wallMessages.ts';
import { onTheWire, placesIn, put, strangeThings, text, ticket } from '../support/wireShapes.ts';

const FROM = Date.parse('2026-03-18T10:06:00+08:00');
const packing = fc.record({ fromAt: fc.constantFrom(0, FROM), labels: fc.uniqueArray(text, { maxLength: 20 }) });
/** What walls get: rows have no place for anything else. */
const wallTicket = ticket.map((full) => {
  const {
    description: _description,
    reporter: _reporter,
    contentHash: _hash,
    steps,
    ...seen
  } = full as unknown as Ticket;
  return { ...seen, steps: steps.map(({ id: _id, note: _note, contentHash: _step, ...step }) => step) } as Ticket;
});

function row(seen: Ticket, { fromAt, labels }: TicketPacking): unknown {
  return JSON.parse(JSON.stringify(createTicketPacker({ fromAt, labels })(seen)));
}

test('W42 a row says exactly what its ticket says', () => {
  fc.assert(
    fc.property(wallTicket, packing, (seen, how) => {
      const reference = bySchema.ticket(onTheWire(seen));
      expect({ ok: true, value: createTicketUnpacker(how)(row(seen, how)) }).toEqual(reference);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [{ description: '' }, {}],
  [{ reporter: {} }, {}],
  [{ contentHash: 'h' }, {}],
  [{}, { id: 's' }],
  [{}, { note: '' }],
  [{}, { contentHash: 'h' }],
])('W42 a ticket with more than a wall may see has no row: %j %j', (ofTicket, ofStep) => {
  const pack = createTicketPacker({ fromAt: FROM, labels: [] });
  const seen = fc.sample(wallTicket, 1)[0] as Ticket;
  const step = { step: 'note', at: FROM, recordedAt: FROM } as const;
  expect(pack({ ...seen, steps: [...seen.steps, step] })).toBeDefined();
  expect(pack({ ...seen, ...ofTicket, steps: [...seen.steps, { ...step, ...ofStep }] })).toBeUndefined();
});

function bySchemaValue(seen: Ticket): Ticket {
  const read = bySchema.ticket(onTheWire(seen));
  if (!read.ok) throw new Error(read.reason);
  return read.value;
}

test('W42 W50 a row with a fault is taken only where what it says is a ticket', () => {
  let refused = 0;
  fc.assert(
    fc.property(wallTicket, packing, fc.nat(), fc.constantFrom(...strangeThings), (seen, how, place, strange) => {
      const cells = { row: row(seen, how) };
      const places = placesIn(cells).slice(2);
      put(cells, places[place % places.length] as readonly string[], strange === undefined ? null : strange);
      const read = createTicketUnpacker(how)(cells.row);
      if (read === undefined) refused += 1;
      else expect(bySchema.ticket(encodeInstants(read, () => 0))).toEqual({ ok: true, value: read });
    }),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(300);
});

test('W42 a fault in one row does not show in the next', () => {
  const how = { fromAt: FROM, labels: ['g1'] };
  const unpack = createTicketUnpacker(how);
  const [seen] = fc.sample(wallTicket, 1) as [Ticket];
  const sound = row(seen, how) as unknown[];
  expect(unpack(sound.with(1, 5))).toBeUndefined();
  expect(unpack(sound)).toEqual(bySchemaValue(seen));
  expect(unpack({ ...sound })).toBeUndefined();
});

/** An answer with rows, but for its tickets and what says how to read them. */
/** An answer whose board holds this besides what any board holds. */
function answerWith(board: object): object {
  const answer = onTheWire(emptySnapshot()) as { readonly board: object };
  return { ...answer, board: { ...answer.board, ...board } };
}

test('W42 W50 rows and objects stand beside each other; a faulty row is refused by its path', () => {
  const [first, second] = fc.sample(wallTicket, 2) as [Ticket, Ticket];
  const how = { fromAt: FROM, labels: ['g1'] };
  const sent = { tickets: [onTheWire(first), row(second, how)], packing: onTheWire(how) };
  const read = decodeSubscribeAnswer(structuredClone(answerWith(sent)));
  expect(read).toMatchObject({
    ok: true,
    value: { board: { tickets: [bySchemaValue(first), bySchemaValue(second)] } },
  });
  expect(read.ok && read.value.ok && read.value.kind === 'snapshot' && 'packing' in read.value.board).toBe(false);
  const faulty = { ...sent, tickets: [...sent.tickets, (row(second, how) as unknown[]).with(4, 'nowhere')] };
  expect(decodeSubscribeAnswer(structuredClone(answerWith(faulty)))).toEqual({
    ok: false,
    reason: expect.stringMatching(/^board\.tickets\.2/),
  });
  expect(decodeSubscribeAnswer(structuredClone(answerWith({ tickets: sent.tickets })))).toEqual({
    ok: false,
    reason: expect.stringMatching(/^board\.tickets\.1/),
  });
});
