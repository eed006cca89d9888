import { expect, test } from 'vitest';
import { at } from '../support/domainBuilders.ts';
import { TWO_STREETS } from '../support/randomHistory.ts';
import { startHub } from '../support/wallHub.ts';

test('W35 a wall holds alerts, raises and flood as the board does, from events and from a snapshot alike, masked', async () => {
  const running = await startHub({ deployment: TWO_STREETS });
  const { store, report, connect } = running;
  store.beginAlarms();
  const early = await connect();
  await early.subscribe();
  for (let i = 0; i < 11; i += 1) {
    await report({ id: `T-${i}`, priority: 'critical', category: '别的事', reportedAt: at('12:00') });
  }
  store.condition('systemFault', 'disk', { severity: 'high', cause: { code: 'diskLow', figures: { freeMiB: 1 } } });
  await store.alarm('criticalTicket:T-3', {
    kind: 'acknowledge',
    actor: '张建国',
    actorId: 'account-7',
    disposition: 'phoned',
    note: '李雷 13800138002',
    assignTo: '王小明',
  });
  await store.alarm('criticalTicket:T-4', { kind: 'shelve', actor: '张建国', untilAt: at('13:00'), reason: '等李雷' });
  await expect.poll(() => early.seq).toBe(store.seq);

  const late = await connect();
  await late.subscribe();
  const street = await connect({ scope: 's2' });
  await street.subscribe();
  expect([...early.board.alerts]).toEqual([...late.board.alerts]);
  expect([...early.board.alerts.keys()]).toEqual([...store.board.alerts.keys()]);
  expect(early.board.raises).toEqual(late.board.raises);
  expect(late.board.raises).toHaveLength(11);
  expect(early.board.flood).toEqual(late.board.flood);
  expect(late.board.flood).toMatchObject({ active: true, recent: 11 });
  expect(late.board.alerts.get('criticalTicket:T-3')).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: expect.stringMatching(/^张\*/),
    acknowledgedAt: at('12:00'),
    nextCheckAt: at('12:15'),
    assignTo: expect.stringMatching(/^王\*/),
  });
  expect(late.board.alerts.get('criticalTicket:T-4')).toMatchObject({ state: 'shelved', shelvedUntilAt: at('13:00') });
  const heard = JSON.stringify([early.frames, [...late.board.alerts.values()]]);
  expect(heard).not.toMatch(/建国|李雷|小明|account-7|13800138002/);
  expect([...street.board.alerts.keys(), ...street.board.raises]).toEqual([]);
  expect(street.board.flood).toBeUndefined();
});
