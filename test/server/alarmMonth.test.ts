import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoMoments, openDemoDistrict } from '../support/demoMonth.ts';
import { temporaryFolder } from '../support/openStore.ts';

const FIRST_DAY = Date.parse('2026-02-18T00:00:00+08:00');
const DAYS = 28;

test('a month of the demo gives the same alerts bit for bit through restarts in the middle', async () => {
  const moments = demoMoments(FIRST_DAY, DAYS);
  const whole = await openDemoDistrict(await temporaryFolder(), FIRST_DAY);
  await whole.live(moments, 0);
  await whole.store.close();
  const kinds = new Set(whole.alarms.map((line) => JSON.parse(line).alert?.kind));
  expect([...kinds]).toEqual(expect.arrayContaining(['overdue', 'dueSoon', 'repeat', 'surge']));

  const third = Math.floor(moments.length / 300) * 100;
  const first = await openDemoDistrict(await temporaryFolder(), FIRST_DAY);
  await first.live(moments.slice(0, third), 0);
  // As a cut of power leaves it: the journal alone
  const directory = await temporaryFolder();
  await cp(join(first.directory, 'journal'), join(directory, 'journal'), { recursive: true });
  await first.store.close();
  const second = await openDemoDistrict(directory, first.clock.now());
  await second.live(moments.slice(third, 2 * third), third);
  await second.store.close();
  const last = await openDemoDistrict(directory, second.clock.now());
  await last.live(moments.slice(2 * third), 2 * third);
  await last.store.close();

  expect([...first.alarms, ...second.alarms, ...last.alarms]).toEqual(whole.alarms);
  expect([...last.store.board.alerts]).toEqual([...whole.store.board.alerts]);
  expect(last.store.board.raises).toEqual(whole.store.board.raises);
}, 300_000);
