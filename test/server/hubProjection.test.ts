import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BoardEvent } from '../../domain/events.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { evolve, initialWallState, type WallState } from '../../domain/wallState.ts';
import { decodeEventFrame } from '../../protocol/decode.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import { type Audience, createProjection } from '../../server/live/projection.ts';
import { createLocalTime } from '../../server/localTime.ts';
import { at, smallDeployment, smallRules, ticketAfter } from '../support/domainBuilders.ts';
import { randomHistory, TWO_STREETS } from '../support/randomHistory.ts';
import { seededRandom } from '../support/seededRandom.ts';

const DISTRICT: Audience = { kind: 'wall' };
const DESK: Audience = { kind: 'desk' };
const AUDIENCES: readonly Audience[] = [DISTRICT, DESK].flatMap(({ kind }) => [
  { kind },
  { kind, scope: 's1' },
  { kind, scope: 's2' },
]);
const projection = createProjection(smallDeployment(TWO_STREETS));

/** The board that a wall builds from the events it gets. */
function evolvedBy(events: readonly BoardEvent[], audience: Audience): WallState {
  const grids = new Map<string, string | undefined>();
  const state = initialWallState();
  for (const event of events) {
    if (event.type === 'ticketReported') grids.set(event.ticketId, event.location.gridId);
    const gridId = 'ticketId' in event ? grids.get(event.ticketId) : undefined;
    const seen = projection.project(event, gridId, audience);
    if (seen !== undefined) evolve(state, seen);
  }
  return state;
}

function projectedBoard(board: WallState, audience: Audience): WallState {
  const { raises, flood } = projection.projectLoad(board, audience);
  return initialWallState(
    [...board.tickets.values()].flatMap((ticket) => projection.projectTicket(ticket, audience) ?? []),
    [...board.alerts.values()].flatMap((alert) => projection.projectAlert(alert, audience) ?? []),
    raises,
    flood,
  );
}

test('W30 projecting events and evolving comes to the same as evolving and projecting the board', () => {
  const rules = smallRules(TWO_STREETS);
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), (seed, length) => {
      const { events, board } = randomHistory(seededRandom(seed), rules, length);
      for (const audience of AUDIENCES) {
        const evolved = evolvedBy(events, audience);
        const projected = projectedBoard(board, audience);
        expect([...evolved.tickets]).toEqual([...projected.tickets]);
        expect([...evolved.alerts]).toEqual([...projected.alerts]);
        expect(evolved.raises).toEqual(projected.raises);
        expect(evolved.flood).toEqual(projected.flood);
        for (const { kind, state } of evolved.alerts.values()) seen.add(`${kind} ${state}`);
      }
    }),
    { seed: 30, numRuns: 200 },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'overdue unacknowledged',
      'overdue acknowledged',
      'overdue shelved',
      'systemFault shelved',
    ]),
  );
});

test('W34 a street’s wall gets alerts of its own grids and communities, and neither the system’s nor the flood', () => {
  const rules = smallRules(TWO_STREETS);
  const streets: Record<string, string> = { g1: 's1', g2: 's1', g3: 's2', g4: 's2', c1: 's1', c2: 's2' };
  let counted = 0;
  for (let seed = 0; seed < 40; seed += 1) {
    const { events, board } = randomHistory(seededRandom(seed), rules, 60);
    for (const scope of ['s1', 's2']) {
      for (const alert of evolvedBy(events, { kind: 'wall', scope }).alerts.values()) {
        expect(streets[alert.gridId ?? alert.communityId ?? '']).toBe(scope);
        counted += 1;
      }
      const flood = { type: 'floodChanged', at: 1, recordedAt: 1, active: true, recent: 11 } as const;
      expect(projection.project(flood, undefined, { kind: 'wall', scope })).toBeUndefined();
    }
    expect(projectedBoard(board, DISTRICT).alerts.size).toBe(board.alerts.size);
  }
  expect(counted).toBeGreaterThan(100);
});

test('W31 nothing private is in an event or a ticket of a wall', () => {
  const rules = smallRules(TWO_STREETS);
  for (let seed = 0; seed < 40; seed += 1) {
    const { events, board } = randomHistory(seededRandom(seed), rules, 60);
    const shown = JSON.stringify([
      ...events.map((event) => projection.project(event, undefined, DISTRICT)),
      ...projectedBoard(board, DISTRICT).tickets.values(),
      ...projectedBoard(board, DISTRICT).alerts.values(),
    ]);
    for (const planted of [
      /(?<!\d)1[3-9]\d{9}(?!\d)/,
      /2314567/,
      /370811/,
      /鲁H12345/,
      /张伟|王小明|欧阳修远|李雷/,
      /18 号院|301 室/,
      /原文/,
      /hash-/,
      /G-0103/,
      /account-1/,
      /"(description|note|reporter|officer|contentHash|stepId|shelveReason|acknowledgedById)":/,
    ]) {
      expect(planted.exec(shown)?.[0], `seed ${seed}`).toBeUndefined();
    }
  }
});

test('W82 a desk with originals gets the words, places, names and notes on alerts as they are, and still no description, reporter or note of a step', () => {
  const told = {
    title: '李雷来电 13812345678',
    description: '原文',
    location: { gridId: 'g1', address: '车站西路 18 号', lng: 116.587123, lat: 35.414567 },
    reporter: { id: 'G-0103', name: '李雷', phone: '13812345678' },
  };
  const ticket = ticketAfter(told, [
    { step: 'handle', at: at('10:11'), by: '钱一', note: '原文' },
    { step: 'verify', at: at('10:14'), by: '孙二' },
  ]);
  const seen = projection.projectTicket(ticket, DESK) as Ticket;
  expect(seen).toMatchObject({ title: told.title, location: told.location });
  expect(seen.steps.map((step) => step.by)).toEqual([undefined, '钱一', '孙二', '系统']);
  const rules = smallRules(TWO_STREETS);
  const shown: unknown[] = [seen];
  let notes = 0;
  for (let seed = 0; seed < 40; seed += 1) {
    const { events, board } = randomHistory(seededRandom(seed), rules, 60);
    shown.push(...events.map((event) => projection.project(event, undefined, DESK)));
    shown.push(...projectedBoard(board, DESK).tickets.values());
    for (const alert of board.alerts.values()) {
      expect(projection.projectAlert(alert, DESK)).toEqual(alert);
      if (alert.note !== undefined || alert.shelveReason !== undefined) notes += 1;
    }
  }
  expect(notes).toBeGreaterThan(10);
  const tickets = JSON.stringify(shown.filter((item) => !('alert' in (item as object))));
  expect(/"(description|note|reporter|officer|contentHash|stepId)":|G-0103|hash-/.exec(tickets)?.[0]).toBeUndefined();
});

test('W31 what the hall needs stays readable', () => {
  const ticket = ticketAfter({ title: '12345 转办：荷韵花园路灯不亮' }, [
    { step: 'handle', at: at('10:11'), by: '钱一', note: '原文' },
    { step: 'verify', at: at('10:14'), by: '孙二' },
  ]);
  const seen = projection.projectTicket(ticket, DISTRICT) as Ticket;
  expect(seen).toMatchObject({
    id: 'T-1',
    number: ticket.number,
    title: '12345 转办：荷韵花园路灯不亮',
    location: { gridId: 'g1' },
  });
  expect(seen.steps.map((step) => step.by)).toEqual([undefined, '钱*', '孙*', '系统']);
  expect(seen.points).toBe(7);
});

test('W32 W33 a ticket without a grid is the district’s alone; coordinates lead to the block, not the door', () => {
  const ticket = ticketAfter({ location: { address: '车站西路 18 号', lng: 116.587123, lat: 35.414567 } });
  const seen = projection.projectTicket(ticket, DISTRICT) as Ticket;
  expect(seen.location).toMatchObject({ lng: 116.587, lat: 35.415 });
  expect(seen.location.address).not.toContain('18');
  expect(projection.projectTicket(ticket, { kind: 'wall', scope: 's1' })).toBeUndefined();
});

test('W40 every projected event comes through encoding and decoding unchanged', () => {
  const { offsetMinutes } = createLocalTime('Asia/Shanghai');
  const { events } = randomHistory(seededRandom(11), smallRules(TWO_STREETS), 200);
  const frame = {
    epoch: 'e',
    fromSeq: 1,
    toSeq: events.length,
    at: at('12:00'),
    events: events.map((event) => projection.project(event, undefined, DISTRICT) as BoardEvent),
  };
  const wire = JSON.parse(JSON.stringify(encodeInstants(frame, offsetMinutes))) as unknown;
  expect(decodeEventFrame(wire)).toEqual({ ok: true, value: frame });
});
