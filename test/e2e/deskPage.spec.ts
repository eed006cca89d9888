import { gzipSync } from 'node:zlib';
import { expect, type Page } from '@playwright/test';
import { alertRow, lateTicket, makeOfficer, seriousFaults, signIn, typeCredentials } from '../support/deskPage.ts';
import { test } from '../support/hall.ts';

/** “Under 300 kB of script before interaction, charts apart” (issue: the duty desk). */
const MOST_SCRIPT_BYTES = 300_000;

/** Sizes of the scripts that a page loads from now on: as they run, and as they come over the network. */
function followScripts(page: Page) {
  const scripts: Promise<{
    readonly url: string;
    readonly bytes: number;
    readonly sentBytes: number;
    readonly packed: boolean;
  }>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    scripts.push(
      (async () => {
        const body = await response.body();
        const { 'content-encoding': encoding } = await response.allHeaders();
        const packed = encoding === 'gzip' || encoding === 'br';
        return {
          url: response.url(),
          bytes: body.length,
          sentBytes: packed ? gzipSync(body).length : body.length,
          packed,
        };
      })(),
    );
  });
  return async () => {
    const all = await Promise.all(scripts);
    const sum = (of: 'bytes' | 'sentBytes') => all.reduce((total, script) => total + script[of], 0);
    return { all, bytes: sum('bytes'), sentBytes: sum('sentBytes') };
  };
}

test('a stranger’s page runs less than 300 kB of script before anybody touches it', async ({ server, page }) => {
  const sizes = followScripts(page);
  await page.goto(`${server.url}/desk`);
  await expect(page.getByTestId('login')).toBeVisible();
  await page.waitForLoadState('networkidle');
  const { all, bytes } = await sizes();
  test.info().annotations.push({ type: 'script before sign-in', description: `${bytes} B in ${all.length} files` });
  expect(all.length).toBeGreaterThan(0);
  expect(bytes, JSON.stringify(all)).toBeLessThan(MOST_SCRIPT_BYTES);
});

test('an officer’s page with queue and query loads less than 300 kB of script before the first click, and no charts', async ({
  server,
  page,
}) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  const alertId = await lateTicket(server, 'late-1');
  await signIn(page, server, 'zhaojia');
  const cookies = await page.context().cookies();
  const fresh = await (await page.context().browser()?.newContext())?.newPage();
  if (fresh === undefined) throw new Error('there is no browser');
  await fresh.context().addCookies(cookies);
  const sizes = followScripts(fresh);
  await fresh.goto(`${server.url}/desk`);
  await expect(alertRow(fresh, alertId)).toBeVisible();
  await expect(fresh.getByTestId('ticket-search')).toBeVisible();
  await fresh.waitForLoadState('networkidle');
  const { all, bytes, sentBytes } = await sizes();
  test.info().annotations.push({ type: 'script of the desk', description: `${bytes} B, ${sentBytes} B packed` });
  expect(all.every(({ packed, bytes: own }) => packed || own < 2000)).toBe(true);
  expect(sentBytes, JSON.stringify(all)).toBeLessThan(MOST_SCRIPT_BYTES);
  const texts = await Promise.all(all.map(async ({ url }) => (await fetch(url)).text()));
  expect(texts.some((text) => text.includes('echarts'))).toBe(false);
  await fresh.context().close();
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the ${theme} desk: sign-in, queue, opened alert, settings`, async ({
    server,
    page,
  }) => {
    await makeOfficer(server, 'zhaojia', '赵甲');
    const red = await lateTicket(server, 'red', { lateMinutes: 134 });
    const amber = await lateTicket(server, 'amber');
    await server.call('POST', `/alerts/${amber}/acknowledge`, { disposition: 'phoned' });
    await page.addInitScript((chosen) => localStorage.setItem('taibai-desk.theme', chosen), theme);
    await page.goto(`${server.url}/desk`);
    await expect(page.getByTestId('login')).toBeVisible();
    expect(await seriousFaults(page)).toEqual([]);

    await typeCredentials(page, 'zhaojia');
    await expect(alertRow(page, amber)).toHaveAttribute('data-state', 'acknowledged');
    await expect(page.getByTestId('ticket-search')).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await seriousFaults(page)).toEqual([]);

    await alertRow(page, red).click();
    await expect(page.locator('.alertLog li').first()).toBeVisible();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByTestId('acknowledge').click();
    await expect(page.getByTestId('handling-fault')).not.toBeEmpty();
    expect(await seriousFaults(page)).toEqual([]);

    await page.getByTestId('account').click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await seriousFaults(page)).toEqual([]);
  });
}

for (const [width, height] of [
  [1440, 900],
  [1280, 800],
  [1024, 768],
] as const) {
  test(`at ${width} × ${height} nothing is cut off, in either language`, async ({ server, page }) => {
    await page.setViewportSize({ width, height });
    // Who has the most tabs and the longest title
    await makeOfficer(server, 'zhaojia', '赵甲', 'admin');
    const alertId = await lateTicket(server, 'late-1', { lateMinutes: 134, title: '雨水井盖缺失' });
    for (const language of ['zh-CN', 'en']) {
      await page.addInitScript((lang) => localStorage.setItem('taibai-wall.language', lang), language);
      if (language === 'zh-CN') await signIn(page, server, 'zhaojia');
      else await page.reload();
      await alertRow(page, alertId).click();
      await expect(page.getByTestId('acknowledge')).toBeVisible();
      const cut = await page.evaluate(() => {
        const faults: string[] = [];
        if (document.documentElement.scrollWidth > innerWidth) faults.push('the page scrolls sideways');
        for (const element of document.querySelectorAll<HTMLElement>(
          'button, h1, h2, label, .fact, .queueKeys > span',
        )) {
          const box = element.getBoundingClientRect();
          if (box.width === 0 || box.height === 0) continue;
          if (box.right > innerWidth + 0.5 || box.left < -0.5) faults.push(`outside: ${element.textContent}`);
          const column = element.closest('.deskColumn')?.getBoundingClientRect();
          if (column !== undefined && box.right > column.right + 0.5)
            faults.push(`over its column: ${element.textContent}`);
          if (element.tagName === 'BUTTON' && element.scrollWidth > element.clientWidth + 1) {
            faults.push(`too narrow: ${element.textContent}`);
          }
        }
        return faults;
      });
      expect(cut, language).toEqual([]);
      const small = await page.evaluate(() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const faults = new Set<string>();
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const parent = node.parentElement;
          if (
            parent === null ||
            (node.textContent ?? '').trim() === '' ||
            parent.closest('kbd, script, style') !== null
          )
            continue;
          if (parent.getClientRects().length === 0) continue;
          const size = Number.parseFloat(getComputedStyle(parent).fontSize);
          if (size < 14 && parent.closest('svg') === null) faults.add(`${size}: ${node.textContent}`);
        }
        return [...faults];
      });
      // Meta text 14 px at least, keys 13 (visual specification §1)
      expect(small, language).toEqual([]);
    }
  });
}

test('on a tablet the query has a tab of its own, and / leads there', async ({ server, browser }) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  const alertId = await lateTicket(server, 'late-1');
  const context = await browser.newContext({ viewport: { width: 1024, height: 768 }, hasTouch: true });
  const page = await context.newPage();
  await signIn(page, server, 'zhaojia');
  await alertRow(page, alertId).tap();
  await page.locator('[data-testid=disposition][data-code=phoned]').tap();
  await page.getByTestId('acknowledge').tap();
  await expect(page.getByTestId('held')).toContainText('赵甲');
  await expect(page.getByTestId('ticket-search')).toBeHidden();
  await page.getByRole('tab', { name: '综合查询' }).tap();
  await expect(page.getByTestId('ticket-search')).toBeVisible();
  await page.getByRole('tab', { name: '告警处置' }).tap();
  await alertRow(page, alertId).focus();
  await page.keyboard.press('/');
  await expect(page.getByTestId('ticket-search')).toBeFocused();
  await context.close();
});

test('a new red is told to the operating system where somebody asked for it, by its place and not by its title', async ({
  server,
  browser,
}) => {
  const context = await browser.newContext({ permissions: ['notifications'] });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const told: unknown[] = [];
    Object.assign(window, { told });
    class Recorded {
      static permission = 'default';
      static requestPermission = async () => {
        Recorded.permission = 'granted';
        return Recorded.permission;
      };
      onclick: (() => void) | null = null;
      constructor(title: string, options: NotificationOptions) {
        told.push([title, options.body]);
      }
      close() {}
    }
    Object.assign(window, { Notification: Recorded });
  });
  await makeOfficer(server, 'zhaojia', '赵甲');
  await lateTicket(server, 'red-0', { lateMinutes: 200 });
  await signIn(page, server, 'zhaojia');
  await page.getByTestId('account').click();
  await page.getByRole('button', { name: '开启通知' }).click();
  await expect(page.getByRole('button', { name: '关闭通知' })).toBeVisible();
  await page.keyboard.press('Escape');
  await lateTicket(server, 'red-1', { lateMinutes: 200, title: '居民张三丰家门口积水' });
  const told = () => page.evaluate(() => (window as unknown as { told: unknown[] }).told);
  await expect.poll(told).toEqual([['红色告警', '运河苑-04']]);
  await context.close();
});
