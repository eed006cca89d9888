import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { soak } from '../../tools/bench/soak.ts';
import { test } from '../support/hall.ts';

test('a day of 100,000 events and 50 cuts leaves a wall that holds what a fresh one holds', async ({
  openKiosk,
  browser,
}) => {
  test.setTimeout(15 * 60_000);
  const dataFolder = mkdtempSync(join(tmpdir(), 'taibai-soak-'));
  const result = await soak(
    { days: 1, events: 100_000, cuts: 50, speed: 600 },
    {
      dataFolder,
      openKiosk: (serverUrl, token) => openKiosk({ serverUrl, token }),
      async openPage(url) {
        const page = await browser.newPage({ viewport: { width: 3840, height: 2160 } });
        await page.goto(url);
        return page;
      },
      say: (line) => console.log(line),
    },
  );
  rmSync(dataFolder, { recursive: true, force: true });

  expect(result.days).toBeGreaterThanOrEqual(1);
  expect(result.events).toBeGreaterThanOrEqual(100_000);
  expect(result.cuts).toBe(50);
  expect(result.acknowledged).toBeGreaterThan(0);
  // The same final board as a fresh wall
  expect(result.shown.worn).toEqual(result.shown.fresh);
  // Nothing is left behind by the day: what the page holds is its board
  const { worn, fresh, course } = result;
  expect(worn.heapMb).toBeLessThan(fresh.heapMb * 1.25 + 5);
  expect(worn.nodes).toBeLessThan(fresh.nodes * 1.2 + 200);
  expect(worn.listeners).toBeLessThan(fresh.listeners * 1.2 + 50);
  for (const process of ['main', 'renderer', 'server'] as const) {
    expect(worn.handles[process], process).toBeLessThan((course[0]?.handles[process] ?? 0) + 20);
  }
});
