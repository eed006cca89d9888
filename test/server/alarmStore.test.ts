import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ALERT_KINDS } from '../../domain/alarm.ts';
import type { AlertTransition } from '../../server/store/ticketStore.ts';
import { at, HOUR, MINUTE, smallAlarms } from '../support/domainBuilders.ts';
import { manualClock } from '../support/manualClock.ts';
import { type OpenedStore, openStore, type StoreOverrides, temporaryFolder } from '../support/openStore.ts';
import { seededRandom } from '../support/seededRandom.ts';

/** Reported at 10:06, due at 12:06, seen by a server whose clock stands at 10:06. */
async function openAt(clockText: string, directory?: string, overrides: StoreOverrides = {}): Promise<OpenedStore> {
  const opened = await openStore(directory ?? (await temporaryFolder()), {
    clock: manualClock(at(clockText)),
    ...overrides,
  });
  opened.store.beginAlarms();
  return opened;
}

/** Settles when everything decided so far is durable. */
async function durable({ store }: OpenedStore): Promise<void> {
  await store.alarm([...store.board.alerts.keys()][0] ?? '', { kind: 'release', actor: '无' }).then(async (answer) => {
    // A refusal is answered at once; a repeated report only when its turn at the disk has come
    if (!answer.ok) await store.report({ id: 'flush', source: 'x', category: 'x', title: 'x', location: {} }, 'flush');
  });
}

async function logOf({ store }: OpenedStore, id: string): Promise<readonly AlertTransition[]> {
  return (await store.findAlert(id))?.log ?? [];
}

function told(log: readonly AlertTransition[]): string[] {
  return log.map(({ at: when, stimulus, to, level, actor = '' }) => {
    const clock = new Date(when + 8 * HOUR).toISOString().slice(11, 23);
    return `${clock} ${stimulus} → ${to} ${level} ${actor}`.trim();
  });
}

const DISPATCHED = { step: 'dispatch', at: at('10:07'), department: 'patrol' } as const;

describe('an alert', () => {
  test('is durable with the event that causes it, and told to listeners after it', async () => {
    const opened = await openAt('10:06');
    const seen: string[] = [];
    opened.store.onCommit(({ fromSeq, toSeq, events }) => {
      expect(toSeq - fromSeq + 1).toBe(events.length);
      seen.push(events.map((event) => (event.type === 'alertChanged' ? event.alert.id : event.type)).join(' '));
    });
    await opened.report({ priority: 'critical' });
    await opened.step('T-1', { step: 'handle', at: at('10:06') });
    expect(seen).toEqual(['ticketReported criticalTicket:T-1', 'stepTaken criticalTicket:T-1']);
    await opened.store.close();
  });

  test('tells its whole life with time, actor and reason, also from the archive', async () => {
    const directory = await temporaryFolder();
    const opened = await openAt('10:06', directory, { deployment: { alarms: smallAlarms({ stages: {} }) } });
    await opened.report();
    opened.clock.advanceTo(at('12:50'));
    await durable(opened);
    await opened.store.alarm('overdue:T-1', { kind: 'acknowledge', actor: '赵甲', disposition: 'phoned' });
    opened.clock.advanceTo(at('14:10'));
    await opened.step('T-1', { step: 'close', at: at('14:10') });
    const id = 'overdue:T-1';
    expect(told(await logOf(opened, 'dueSoon:T-1'))).toEqual([
      '11:06:00.000 raise → unacknowledged 0',
      '12:06:00.001 clear → normal 0',
    ]);
    const life = [
      '12:06:00.001 raise → unacknowledged 0',
      '12:36:00.001 climb → unacknowledged 1',
      '12:50:00.000 acknowledge → acknowledged 1 赵甲',
      '13:20:00.000 lapse → unacknowledged 1',
      '13:50:00.000 climb → unacknowledged 2',
      '14:06:00.000 worsen → unacknowledged 2',
      '14:10:00.000 clear → returnedUnacknowledged 2',
    ];
    expect(told(await logOf(opened, id))).toEqual(life);

    // Nobody has seen that it was late: it does not go away by itself
    opened.clock.advance(49 * HOUR);
    expect(await opened.store.archiveEnded()).toBe(0);
    await opened.store.alarm(id, { kind: 'acknowledge', actor: '钱乙', disposition: 'phoned' });
    expect(await opened.store.archiveEnded()).toBe(1);
    expect([...opened.store.board.alerts.keys()].filter((known) => known.endsWith('T-1'))).toEqual([]);
    await opened.store.close();
    const again = await openAt('10:06', directory);
    const archived = await again.store.findAlert(id);
    expect(told(archived?.log ?? []).slice(0, -1)).toEqual(life);
    expect(archived?.alert).toMatchObject({ state: 'normal', acknowledgedBy: '钱乙' });
    // A later step finds ticket and alerts in their place
    await again.step('T-1', { step: 'note', note: '回访' });
    expect((await again.store.findAlert(id))?.log).toEqual(archived?.log);
    expect(await again.store.find('T-1')).not.toHaveProperty('alerts');
    await again.store.close();
  });

  test('that somebody holds is left alone by whatever its sender tells of the ticket', async () => {
    const opened = await openAt('10:06');
    await opened.report();
    opened.clock.advanceTo(at('12:10'));
    const held = await opened.store.alarm('overdue:T-1', { kind: 'acknowledge', actor: '赵甲', disposition: 'onSite' });
    const before = opened.store.board.tickets.get('T-1');
    const steps = [
      DISPATCHED,
      { step: 'note', note: '已联系' },
      { step: 'escalate' },
      { step: 'return' },
      { step: 'extend', dueAt: at('12:08') },
      { step: 'handle', at: at('12:11') },
      { step: 'rework' },
    ] as const;
    // Acknowledging closes nothing
    expect(before).toMatchObject({ status: 'reported', steps: [{ step: 'report' }] });
    await opened.report();
    const answers = [];
    for (const step of steps) {
      opened.clock.advance(1000);
      answers.push(await opened.step('T-1', step));
      expect(held.ok && opened.store.board.alerts.get('overdue:T-1'), step.step).toEqual(held.ok && held.alert);
    }
    expect(answers.map(({ ok }) => ok)).toEqual(steps.map(() => true));
    await opened.store.close();
  });

  test('of a ticket brought in with its end raises nothing', async () => {
    const opened = await openAt('15:00');
    const answers = [opened.report({ reportedAt: at('09:00') })];
    answers.push(opened.step('T-1', { step: 'close', at: at('14:00') }));
    answers.push(opened.report({ id: 'T-2', reportedAt: at('09:00') }));
    await Promise.all(answers);
    opened.clock.advance(3000);
    await durable(opened);
    expect([...opened.store.board.alerts.values()].map(({ id, raisedAt }) => [id, raisedAt - at('15:00')])).toEqual([
      ['overdue:T-2', 2000],
      ['stageLate:T-2', 2000],
    ]);
    await opened.store.close();
  });

  test('that is no ticket’s leaves the board when it is over, and is remembered', async () => {
    const directory = await temporaryFolder();
    const opened = await openAt('10:06', directory);
    const cause = { code: 'sourceSilent' } as const;
    opened.store.condition('sourceSilent', '网格员', { severity: 'medium', cause });
    opened.store.condition('sourceSilent', '网格员', { severity: 'medium', cause });
    await durable(opened);
    expect(opened.store.board.alerts.get('sourceSilent:网格员')).toMatchObject({ state: 'unacknowledged' });
    opened.store.condition('sourceSilent', '网格员', undefined);
    await durable(opened);
    expect(opened.store.board.alerts.size).toBe(0);
    await opened.store.close();
    const again = await openAt('10:06', directory);
    expect(told(await logOf(again, 'sourceSilent:网格员'))).toEqual([
      '10:06:00.000 raise → unacknowledged 0',
      '10:06:00.000 clear → normal 0',
    ]);
    await again.store.close();
  });

  test('of a kind that the deployment no longer raises is out of service, until it raises it again', async () => {
    const directory = await temporaryFolder();
    const opened = await openAt('11:00', directory);
    for (const id of ['T-1', 'T-2']) await opened.report({ id, reportedAt: at('10:06') });
    opened.clock.advance(70 * MINUTE);
    await durable(opened);
    await opened.store.close();

    const kinds = ALERT_KINDS.filter((kind) => kind !== 'overdue');
    const without = await openAt('12:11', directory, { deployment: { alarms: smallAlarms({ kinds }) } });
    without.clock.advance(3 * HOUR);
    await without.step('T-2', { step: 'close', at: at('15:00') });
    const asleep = without.store.board.alerts.get('overdue:T-1');
    expect(asleep).toMatchObject({ state: 'outOfService', active: true, level: 0 });
    expect(asleep).not.toHaveProperty('climbAt');
    const answer = await without.store.alarm('overdue:T-1', {
      kind: 'acknowledge',
      actor: '赵甲',
      disposition: 'phoned',
    });
    expect(answer).toMatchObject({ ok: false, refusal: { reason: 'illegalState', state: 'outOfService' } });
    await without.store.close();

    const again = await openAt('15:20', directory);
    await durable(again);
    expect(told(await logOf(again, 'overdue:T-1'))).toEqual([
      '12:06:00.001 raise → unacknowledged 0',
      '12:11:00.000 disable → outOfService 0',
      '15:20:00.000 enable → unacknowledged 0',
    ]);
    expect(told(await logOf(again, 'overdue:T-2')).at(-1)).toBe('15:20:00.000 enable → normal 0');
    await again.store.close();
  });

  test.each([
    ['still holds', 0, 'unacknowledged'],
    ['is over', 200 * HOUR, 'gone'],
  ])('of a pattern comes back into service as its condition is: it %s', async (_what, laterMs, state) => {
    const directory = await temporaryFolder();
    const opened = await openAt('10:06', directory);
    for (let i = 0; i < 6; i += 1) await opened.report({ id: `R-${i}`, reportedAt: at('10:06') });
    expect(opened.store.board.alerts.get('repeat:g1:parking')).toMatchObject({ state: 'unacknowledged' });
    await opened.store.close();
    const kinds = ALERT_KINDS.filter((kind) => kind !== 'repeat');
    const without = await openAt('10:10', directory, { deployment: { alarms: smallAlarms({ kinds }) } });
    without.clock.advance(MINUTE);
    await durable(without);
    expect(without.store.board.alerts.get('repeat:g1:parking')).toMatchObject({ state: 'outOfService' });
    await without.store.close();
    const again = await openStore(directory, { clock: manualClock(at('10:15') + laterMs) });
    again.store.beginAlarms();
    await durable(again);
    expect(again.store.board.alerts.get('repeat:g1:parking')?.state ?? 'gone').toBe(state);
    await again.store.close();
  });

  test('out of service keeps no ticket from the archive', async () => {
    const directory = await temporaryFolder();
    const opened = await openAt('11:00', directory);
    await opened.report({ priority: 'critical', reportedAt: at('11:00') });
    expect(opened.store.board.alerts.get('criticalTicket:T-1')).toMatchObject({ state: 'unacknowledged' });
    await opened.store.close();
    const none = { deployment: { alarms: smallAlarms({ kinds: [] }) } };
    const without = await openAt('12:00', directory, none);
    await without.step('T-1', { step: 'close', at: at('12:00') });
    without.clock.advance(72 * HOUR);
    await without.store.archiveEnded();
    expect(without.store.board.tickets.size).toBe(0);
    expect([...without.store.board.alerts.keys()]).toEqual([]);
    await without.store.close();
  });

  test('log keeps the last hundred transitions', async () => {
    const opened = await openAt('10:06');
    await opened.report({ priority: 'critical' });
    for (let i = 0; i < 60; i += 1) {
      await opened.store.alarm('criticalTicket:T-1', { kind: 'acknowledge', actor: '赵甲', disposition: 'phoned' });
      await opened.store.alarm('criticalTicket:T-1', { kind: 'release', actor: '赵甲' });
    }
    const log = await logOf(opened, 'criticalTicket:T-1');
    expect(log).toHaveLength(100);
    expect(log.at(-1)).toMatchObject({ stimulus: 'release' });
    await opened.store.close();
  });
});

describe('patterns', () => {
  test('a surge is raised over its own usual rate, and ends by time alone, also through a restart', async () => {
    const directory = await temporaryFolder();
    const opened = await openAt('10:06', directory);
    // Two a day for twelve days
    for (let i = 0; i < 24; i += 1) {
      await opened.report({ id: `U-${i}`, reportedAt: at('09:00', -12) + i * 12 * HOUR });
      await opened.step(`U-${i}`, { step: 'close', at: at('10:00') });
    }
    for (let i = 0; i < 6; i += 1) {
      opened.clock.advance(4 * MINUTE);
      await opened.report({ id: `S-${i}`, reportedAt: opened.clock.now() });
    }
    const raised = opened.store.board.alerts.get('surge:c1:parking');
    expect(raised).toMatchObject({ severity: 'high', communityId: 'c1', category: 'parking', raisedAt: at('10:26') });
    expect(raised?.cause.figures).toMatchObject({ count: 5, minutes: 60 });
    const { clock } = opened;
    await opened.store.close();
    const again = await openStore(directory, { clock: manualClock(clock.now()) });
    again.store.beginAlarms();
    again.clock.advanceTo(at('12:00'));
    await durable(again);
    // Two left in the hour are not unusual any more: the fifth of six has just dropped out
    expect(told(await logOf(again, 'surge:c1:parking')).at(-1)).toMatch(/clear → returnedUnacknowledged/);
    await again.store.close();
  });

  test('nothing is unusual before a week is known', async () => {
    const opened = await openAt('10:06');
    for (let i = 0; i < 9; i += 1) await opened.report({ id: `S-${i}`, reportedAt: at('10:06') });
    expect(opened.store.board.alerts.has('surge:c1:parking')).toBe(false);
    expect(opened.store.board.alerts.get('repeat:g1:parking')).toMatchObject({ severity: 'low', gridId: 'g1' });
    await opened.store.close();
  });

  test('what the deployment does not list gets no pattern: its words would be in the id', async () => {
    const opened = await openAt('10:06');
    for (let i = 0; i < 9; i += 1) await opened.report({ id: `S-${i}`, category: '电话 13800138000' });
    expect(opened.store.board.alerts.size).toBe(0);
    await opened.store.close();
  });
});

test('five hundred alerts in ten minutes: none lost, and the flood begins and ends by its rule', async () => {
  const opened = await openAt('10:06');
  const floods: [number, boolean, number][] = [];
  let raised = 0;
  opened.store.onCommit(({ events }) => {
    for (const event of events) {
      if (event.type === 'floodChanged') floods.push([event.at, event.active, event.recent]);
      else if (event.type === 'alertChanged' && event.alert.kind === 'criticalTicket') raised += 1;
    }
  });
  const category = '别的事';
  for (let i = 0; i < 500; i += 1) {
    opened.clock.advanceTo(at('10:06') + i * 1200);
    await opened.report({ id: `T-${i}`, priority: 'critical', category, reportedAt: opened.clock.now() });
  }
  expect(raised).toBe(500);
  expect([...opened.store.board.alerts.values()].filter(({ kind }) => kind === 'criticalTicket')).toHaveLength(500);
  // The eleventh begins it
  expect(floods).toEqual([[at('10:06') + 10 * 1200, true, 11]]);
  expect(opened.store.board.raises).toHaveLength(500);
  opened.clock.advance(HOUR);
  await durable(opened);
  // It ends when the fifth but last leaves the window
  expect(floods.slice(1)).toEqual([[at('10:06') + 495 * 1200 + 10 * MINUTE, false, 4]]);
  expect(opened.store.board.flood).toMatchObject({ active: false });
  await opened.store.close();
});

test('a flood goes on and ends through a restart', async () => {
  const directory = await temporaryFolder();
  const opened = await openAt('10:06', directory);
  for (let i = 0; i < 11; i += 1) {
    opened.clock.advance(1000);
    await opened.report({ id: `T-${i}`, priority: 'critical', category: '别的事', reportedAt: opened.clock.now() });
  }
  expect(opened.store.board.flood).toMatchObject({ active: true });
  await opened.store.close();
  // A replay's clock is set back to the beginning of its table until it is under way
  const again = await openStore(directory, { clock: manualClock(at('09:00')) });
  again.store.beginAlarms();
  again.clock.advanceTo(at('10:20'));
  await durable(again);
  expect(again.store.board.flood).toMatchObject({ active: false, at: at('10:16:07') });
  await again.store.close();
});

describe('timers', () => {
  test('survive a restart exactly: what fell due meanwhile is dated when it fell due', async () => {
    const directory = await temporaryFolder();
    const alarms = smallAlarms({ stages: {} });
    const opened = await openAt('10:06', directory, { deployment: { alarms } });
    await opened.report();
    await opened.step('T-1', DISPATCHED);
    await opened.report({ id: 'T-2', priority: 'critical', category: '别的事' });
    await opened.store.alarm('criticalTicket:T-2', { kind: 'acknowledge', actor: '赵甲', disposition: 'phoned' });
    await opened.store.close();
    const again = await openAt('13:00', directory, { deployment: { alarms } });
    again.clock.advance(0);
    await durable(again);
    expect(told(await logOf(again, 'overdue:T-1'))).toEqual([
      '12:06:00.001 raise → unacknowledged 0',
      '12:36:00.001 climb → unacknowledged 1',
    ]);
    expect(told(await logOf(again, 'criticalTicket:T-2'))).toEqual([
      '10:06:00.000 raise → unacknowledged 0',
      '10:06:00.000 acknowledge → acknowledged 0 赵甲',
      '10:21:00.000 lapse → unacknowledged 0',
      '10:31:00.000 climb → unacknowledged 1',
      '10:41:00.000 climb → unacknowledged 2',
      '10:51:00.000 climb → unacknowledged 3',
    ]);
    await again.store.close();
  });

  test('an alert that was cut off from its ticket by a torn write is made good, dated as it was', async () => {
    const directory = await temporaryFolder();
    const opened = await openAt('10:06', directory);
    await opened.report({ priority: 'critical' });
    const [file] = await readdir(join(directory, 'journal'));
    const path = join(directory, 'journal', file as string);
    const journal = await readFile(path, 'utf8');
    const copy = await temporaryFolder();
    const torn = await openAt('10:06', copy);
    await torn.store.close();
    const [tornFile] = await readdir(join(copy, 'journal'));
    await truncate(join(copy, 'journal', tornFile as string), 0);
    const [reported = ''] = journal.split('\n');
    await appendFile(join(copy, 'journal', tornFile as string), `${reported}\n`);
    const again = await openAt('11:00', copy);
    again.clock.advance(0);
    await durable(again);
    expect(told(await logOf(again, 'criticalTicket:T-1'))[0]).toBe('10:06:00.000 raise → unacknowledged 0');
    await again.store.close();
    await opened.store.close();
  });

  test('a server killed between rungs, fifty times, climbs each rung exactly once, at its time', async () => {
    const directory = await temporaryFolder();
    const opened = await openAt('10:06', directory);
    const TICKETS = 70;
    await Promise.all(
      Array.from({ length: TICKETS }, (_, i) =>
        opened.report({ id: `T-${i}`, priority: 'critical', category: '别的事' }),
      ),
    );
    // Each has its own minute: acknowledged until then
    for (let i = 0; i < TICKETS; i += 1) {
      const nextCheckAt = at('10:06') + 30_000 + i * 7000;
      const answer = await opened.store.alarm(`criticalTicket:T-${i}`, {
        kind: 'acknowledge',
        actor: '赵甲',
        disposition: 'phoned',
        nextCheckAt,
      });
      expect(answer.ok).toBe(true);
    }
    await opened.store.close();

    const random = seededRandom(5);
    let kills = 0;
    for (let done = false; !done; ) {
      const child = fork(
        fileURLToPath(new URL('../support/ladderChild.ts', import.meta.url)),
        [directory, String(at('10:06'))],
        { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
      );
      const exited = once(child, 'exit');
      let steps = kills < 50 ? 1 + random.below(5) : Number.POSITIVE_INFINITY;
      child.on('message', (message) => {
        if (message === 'done') done = true;
        if (message !== 'ready') return;
        child.send('next');
        steps -= 1;
        if (steps > 0) return;
        // Sometimes before the message arrives, sometimes in the midst of writing, sometimes after
        if (random.chance(0.3)) child.kill('SIGKILL');
        else child.once('message', () => child.kill('SIGKILL'));
      });
      await exited;
      if (!done) kills += 1;
    }
    expect(kills).toBe(50);

    const after = await openAt('10:06', directory);
    for (let i = 0; i < TICKETS; i += 1) {
      const log = (await logOf(after, `criticalTicket:T-${i}`)).map((entry) => [entry.stimulus, entry.at, entry.level]);
      const lapsedAt = at('10:06') + 30_000 + i * 7000;
      expect(log).toEqual([
        ['raise', at('10:06'), 0],
        ['acknowledge', at('10:06'), 0],
        ['lapse', lapsedAt, 0],
        ['climb', lapsedAt + 10 * MINUTE, 1],
        ['climb', lapsedAt + 20 * MINUTE, 2],
        ['climb', lapsedAt + 30 * MINUTE, 3],
      ]);
    }
    await after.store.close();
  }, 180_000);
});
