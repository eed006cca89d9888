import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Alert } from '../../domain/alarm.ts';
import type { SourceStatus } from '../../protocol/wire.ts';
import { watchCalendar, watchClock, watchDisk, watchSources } from '../../server/ingest/systemWatch.ts';
import { at, MINUTE, smallDeployment } from '../support/domainBuilders.ts';
import { createManualRealTime, type ManualRealTime } from '../support/manualRealTime.ts';
import { type OpenedStore, openStore, temporaryFolder } from '../support/openStore.ts';

const deployment = smallDeployment();
const SOURCE = '网格员';
const MIB = 1024 * 1024;
let opened: OpenedStore;
let real: ManualRealTime;

beforeEach(async () => {
  opened = await openStore(await temporaryFolder());
  opened.store.beginAlarms();
  real = createManualRealTime(at('12:00'));
  onTestFinished(() => opened.store.close());
});

/** Lets real and domain time go by together, second by second. */
function pass(seconds: number): void {
  for (let i = 0; i < seconds; i += 1) {
    opened.clock.advance(1000);
    real.pass(1000);
  }
}

/** The alert once everything decided is durable. */
async function standing(id: string): Promise<Alert | undefined> {
  await opened.report({ id: `flush-${opened.store.seq}`, category: '别的事' });
  return opened.store.board.alerts.get(id);
}

describe('a silent source', () => {
  let row: SourceStatus;
  function watch(heardAt: number | null): void {
    row = { id: SOURCE, kind: 'client', state: 'live', lastEventAt: heardAt, ageMs: null };
    const registry = { strip: () => [row, { ...row, id: '市民 13900139000', state: 'silent' as const }] };
    onTestFinished(watchSources({ store: opened.store, deployment, clock: opened.clock, registry, realTime: real }));
  }

  test('is told of within a second, in its own lane, and no more once it is back', async () => {
    watch(at('12:00'));
    pass(35);
    expect(await standing(`sourceSilent:${SOURCE}`)).toBeUndefined();
    row = { ...row, state: 'silent' };
    pass(1);
    expect(await standing(`sourceSilent:${SOURCE}`)).toMatchObject({
      kind: 'sourceSilent',
      state: 'unacknowledged',
      raisedAt: at('12:00:36'),
      cause: { code: 'sourceSilent', figures: { lastEventAt: at('12:00'), periodSeconds: 30 } },
    });
    expect(opened.store.board.raises).toEqual([]);
    row = { ...row, state: 'live', lastEventAt: opened.clock.now() };
    pass(1);
    expect(await standing(`sourceSilent:${SOURCE}`)).toBeUndefined();
    // What nobody listed has no period, and its name is anybody's words
    expect([...opened.store.board.alerts.keys()]).toEqual([]);
  });

  test('one never heard of is not missed', async () => {
    watch(null);
    row = { ...row, state: 'silent' };
    pass(300);
    expect(await standing(`sourceSilent:${SOURCE}`)).toBeUndefined();
  });

  test('one last heard of before the start gets two periods from then on', async () => {
    watch(at('11:00'));
    row = { ...row, state: 'silent' };
    pass(60);
    expect(await standing(`sourceSilent:${SOURCE}`)).toBeUndefined();
    pass(1);
    expect(await standing(`sourceSilent:${SOURCE}`)).toMatchObject({ state: 'unacknowledged' });
  });

  test('a table played to its end is not silent, a source that failed is', async () => {
    watch(at('12:00'));
    row = { ...row, state: 'finished' };
    pass(300);
    expect(await standing(`sourceSilent:${SOURCE}`)).toBeUndefined();
    row = { ...row, state: 'failed' };
    pass(1);
    expect(await standing(`sourceSilent:${SOURCE}`)).toMatchObject({ cause: { code: 'sourceFailed' } });
  });
});

test.each([
  [-6, true],
  [6, true],
  [4, false],
])('a system clock that jumps by %i s: told of %s', async (seconds, told) => {
  let wall = at('12:00');
  const stop = watchClock({
    store: opened.store,
    deployment,
    clock: opened.clock,
    realTime: { ...real, now: () => wall },
    monotonic: real,
  });
  onTestFinished(stop);
  const go = (count: number) => {
    for (let i = 0; i < count; i += 1) {
      wall += 1000;
      opened.clock.advance(1000);
      real.pass(1000);
    }
  };
  go(30);
  wall += seconds * 1000;
  go(1);
  const alert = await standing('systemFault:clock');
  if (!told) {
    expect(alert).toBeUndefined();
    return;
  }
  expect(alert).toMatchObject({
    severity: 'high',
    state: 'unacknowledged',
    cause: { code: 'clockJumped', figures: { jumpMs: seconds * 1000 } },
  });
  go(599);
  expect((await standing('systemFault:clock'))?.active).toBe(true);
  go(1);
  expect(await standing('systemFault:clock')).toMatchObject({ active: false, state: 'returnedUnacknowledged' });
});

test('a disk that fills up is told of below the one mark and forgiven above the other', async () => {
  let freeMiB = 150;
  const stop = watchDisk({
    store: opened.store,
    deployment,
    clock: opened.clock,
    realTime: real,
    free: async () => freeMiB * MIB,
    log: { warn() {} } as never,
  });
  onTestFinished(stop);
  const seen: (boolean | undefined)[] = [];
  for (const next of [150, 99, 150, 201]) {
    freeMiB = next;
    real.pass(MINUTE);
    await nextTurn();
    seen.push((await standing('systemFault:disk'))?.active);
  }
  expect(seen).toEqual([undefined, true, true, false]);
});

test.each([30, 60])('a calendar that runs out is told of %i days before its end', async (warningDays) => {
  const chinese = smallDeployment({ calendar: { ...deployment.calendar, holidays: 'CN', warningDays } });
  const known = await openStore(await temporaryFolder());
  onTestFinished(() => known.store.close());
  known.store.beginAlarms();
  const told: string[] = [];
  const toldAt: number[] = [];
  const stop = watchCalendar({
    store: {
      condition(kind, subject, condition) {
        told.push(`${kind}:${subject} ${condition?.cause.code}`);
        if (condition !== undefined) toldAt.push(known.clock.now());
      },
    },
    deployment: chinese,
    clock: known.clock,
  });
  onTestFinished(stop);
  known.clock.advance(400 * 24 * 60 * MINUTE);
  expect(told[0]).toBe('systemFault:calendar undefined');
  expect(told.at(-1)).toBe('systemFault:calendar calendarEnds');
  // The package ends with 2026; looked at once a day from noon on
  expect(toldAt[0]).toBe(at('12:00', 288 - warningDays + 1));
});
