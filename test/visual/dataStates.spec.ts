import { expect } from '@playwright/test';
import { openStory, test } from './storyPage.ts';

const VIOLET = 'rgb(187, 166, 234)';
const PANELS = ['pipeline', 'overdue', 'departments', 'due-soon', 'map', 'stream'];
const DOMAINS = ['livelihood', 'traffic', 'government', 'analysis', 'urban'].map((id) => `panel-${id}`);

test.use({ viewport: { width: 1920, height: 1080 } });

test('a calm wall says nothing about its data, but every panel can be asked', async ({ page, origin }) => {
  await openStory(page, origin, 'normal');
  for (const id of [...PANELS, ...DOMAINS]) {
    await expect(page.getByTestId(id), id).toHaveAttribute('data-quality', 'normal');
    await expect(page.getByTestId(id), id).toHaveAttribute('data-as-of', /^2026-03-18T07:4[12]:\d\d/);
  }
  await expect(page.locator('.dataStateMark')).toHaveCount(0);
  await expect(page.locator('[data-canary=onTime]')).toHaveText('数据截至15:42:08');
});

test('a domain is as old as its own feed, and says so: stale, disconnected, loading', async ({ page, origin }) => {
  await openStory(page, origin, 'dataStates');
  const traffic = page.getByTestId('panel-traffic');
  await expect(traffic).toHaveAttribute('data-quality', 'stale');
  await expect(traffic.locator('.dataStateMark')).toHaveText('滞后 6分12秒');
  await expect(traffic.locator('.dataStateMark')).toHaveCSS('color', VIOLET);
  await expect(traffic.locator('.domainNumber')).toHaveText('94');
  await expect(traffic.locator('.domainNumber')).toHaveCSS('text-decoration-style', 'dotted');
  await expect(traffic.locator('.domainHatch')).toBeVisible();
  await expect(traffic.locator('.alertCount')).toHaveText('1');

  const government = page.getByTestId('panel-government');
  await expect(government).toHaveAttribute('data-quality', 'disconnected');
  await expect(government).toHaveAttribute('data-as-of', '2026-03-18T07:24:03.000Z');
  await expect(government.locator('.dataStateMark')).toHaveText('断开 18分');
  await expect(government.locator('.domainNumber')).toHaveText('—');
  await expect(government.locator('.domainLabel')).toHaveText('最后 57 · 15:24');
  await expect(government).toHaveCSS('outline-color', VIOLET);

  const analysis = page.getByTestId('panel-analysis');
  await expect(analysis).toHaveAttribute('data-quality', 'loading');
  await expect(analysis).toContainText('正在接入 研判 数据源');
  await expect(analysis.locator('.domainNumber')).toHaveCount(0);

  for (const id of ['panel-livelihood', 'panel-urban', ...PANELS]) {
    await expect(page.getByTestId(id), id).toHaveAttribute('data-quality', 'normal');
  }
  await expect(page.locator('[data-source-id=traffic]')).toHaveAttribute('data-late', 'true');
  await expect(page.locator('[data-source-id=urban]')).toHaveAttribute('data-late', 'false');
});

for (const [story, quality] of [
  ['loading', 'loading'],
  ['neverLoaded', 'disconnected'],
] as const) {
  test(`${story}: what was never heard of is no zero and no “none”`, async ({ page, origin }) => {
    await openStory(page, origin, story);
    for (const id of [...PANELS, ...DOMAINS]) {
      await expect(page.getByTestId(id), id).toHaveAttribute('data-quality', quality);
    }
    const loading = page.locator('.loadingFrom');
    await expect(loading).toHaveCount(quality === 'loading' ? 10 : 0);
    for (const text of await loading.allTextContents()) expect(text).toMatch(/^正在接入 .*网格员、12345.+ 数据源$/);
    await expect(page.locator('.dataStateMark')).toHaveText(quality === 'loading' ? [] : Array(11).fill(/^断开 ?$/));
    await expect(page.locator('.emptyState')).toHaveCount(0);
    await expect(page.locator('.stageCount')).toHaveText(Array(5).fill(quality === 'loading' ? '' : '—'));
    await expect(page.locator('.townOpen strong')).toHaveText(['—', '—']);
    await expect(page.getByTestId('overdue').locator('.panelMeta strong')).toHaveText('—');
    await expect(page.getByTestId('stream').locator('.panelMeta strong')).toHaveText('—');
    await expect(page.locator('.dueSoonCount strong')).toHaveText(['—', '—']);
  });
}

test('a wall that is cut off for long shows no number as if it were one, and keeps every alert', async ({
  page,
  origin,
}) => {
  await openStory(page, origin, 'gone');
  for (const id of [...PANELS, ...DOMAINS]) {
    await expect(page.getByTestId(id), id).toHaveAttribute('data-quality', 'disconnected');
    await expect(page.getByTestId(id).locator('.dataStateMark'), id).toHaveText('断开 18分');
  }
  await expect(page.locator('.stageCount')).toHaveText(['—', '—', '—', '—', '—']);
  await expect(page.locator('.domainNumber')).toHaveText(['—', '—', '—', '—', '—']);
  await expect(page.getByTestId('pipeline')).toContainText('最后 486 / 1 / 80 / 23 / 438 · 15:23');
  await expect(page.getByTestId('overdue-row').first()).toBeVisible();
  await expect(page.getByTestId('overdue').locator('.overdueSummary .alertCount').first()).toHaveText('2');
});

test('数据截至 stands at the last canary once that is late, and the wall says why', async ({ page, origin }) => {
  await openStory(page, origin, 'lateCanary');
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  const asOf = page.locator('[data-canary=late]');
  await expect(asOf).toHaveText('数据截至15:39:03');
  await expect(asOf.locator('.trustAge')).toHaveCSS('color', VIOLET);
  await expect(asOf.locator('.hourglassMark')).toBeVisible();
  await expect(page.getByTestId('canary-strip')).toContainText('15:39:03');
  await expect(page.getByTestId('canary-strip')).toContainText('3分05秒');
  await expect(page.locator('.headerClock')).toHaveText('15:42:08');
});

test('a fast clock is read to the minute, and is never behind 数据截至', async ({ page, origin }) => {
  await openStory(page, origin, 'fastClock');
  await expect(page.locator('.headerClock')).toHaveText('16:02');
  await expect(page.locator('[data-canary]')).toHaveText('数据截至16:02');
});

test('the receipt says what was missed', async ({ page, origin }) => {
  await openStory(page, origin, 'receipt');
  const receipt = page.getByTestId('outage-receipt');
  await expect(receipt).toContainText('中断 3分12秒，补收 14 件，新增超期 2 件，他处已确认 1 件');
  await expect(receipt).toHaveAttribute('data-acknowledged', '1');
});
