import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import type { BuiltServer } from '../support/builtServer.ts';
import { test } from '../support/hall.ts';

const PASSWORD = 'long enough for a test';
/** Yesterday in the district, so that the case has happened whatever the time is now. */
const DAY = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
const at = (time: string) => `${DAY}T${time}:00+08:00`;

const box = (page: Page) => page.getByTestId('ticket-search');
const results = (page: Page) => page.getByTestId('search-result');
const detail = (page: Page) => page.getByTestId('ticket-detail');

async function report(server: BuiltServer, fields: Record<string, unknown>): Promise<void> {
  const { status } = await server.call('POST', '/tickets', {
    source: 'grid',
    category: 'nonMotorParking',
    title: '路灯不亮',
    location: { gridId: 'heyun-03' },
    reportedAt: at('09:00'),
    ...fields,
  });
  expect(status).toBe(201);
}

/** The case that everyone in the district quotes, and two that are like it. */
async function reportSeedCase(server: BuiltServer): Promise<void> {
  await report(server, {
    id: 'seed',
    title: '电动车乱停乱放',
    description: '单元门前电动车占道停放 6 辆，居民李雷来电 13812345678',
    reportedAt: at('10:06'),
    reporter: { id: 'G-0103', name: '吴己', phone: '13800138000' },
  });
  await report(server, { id: 'lamp', category: 'streetLight', reportedAt: at('10:00') });
  await report(server, { id: 'away', title: '电动车堵占楼门', location: { gridId: 'dongtan-01' } });
  for (const step of [
    { step: 'handle', at: at('10:11'), by: '王辛', note: '联系车主挪车，通道恢复' },
    { step: 'verify', at: at('10:14'), by: '郑庚' },
  ]) {
    expect((await server.call('POST', '/tickets/seed/steps', step)).status).toBe(201);
  }
}

async function signIn(page: Page, server: BuiltServer, role = 'duty', scope?: string, place = ''): Promise<void> {
  const username = `${role}-${scope ?? 'all'}`;
  const account = { username, name: '赵甲', role, password: PASSWORD, ...(scope === undefined ? {} : { scope }) };
  await server.call('POST', '/accounts', account);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${server.url}/desk${place}`);
  await page.getByTestId('username').fill(username);
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('password').press('Enter');
  await expect(box(page)).toBeVisible();
}

/** Time and words of each entry of the timeline. */
async function timeline(page: Page): Promise<(string | null)[][]> {
  const steps = page.getByTestId('timeline').getByTestId('timeline-step');
  return steps.evaluateAll((nodes) =>
    nodes.map((node) => [
      (node as HTMLElement).dataset.step ?? null,
      node.querySelector('time')?.textContent ?? null,
      node.querySelector('.stepGap')?.textContent ?? null,
    ]),
  );
}

test('the seed case is found by its place and by its words with the keyboard alone, and told as it went', async ({
  server,
  page,
}) => {
  await reportSeedCase(server);
  await signIn(page, server);
  await page.getByTestId('password').waitFor({ state: 'detached' });
  for (const words of ['荷韵花园', '电动车', '电动车 荷韵', 'G-0103', '王辛', '吴己']) {
    await page.keyboard.press('/');
    await expect(box(page)).toBeFocused();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(words);
    await expect(results(page).and(page.locator('[data-ticket-id=seed]'))).toBeVisible();
  }
  await page.keyboard.press('Control+a');
  await page.keyboard.type('电动车');
  await expect(page.getByTestId('search-total')).toContainText('2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');

  await expect(detail(page)).toHaveAttribute('data-ticket-id', 'seed');
  await expect(page.getByTestId('timeline').getByTestId('timeline-step').first()).toBeVisible();
  expect(await timeline(page)).toEqual([
    ['report', '10:06', '5分'],
    ['dispatch', null, null],
    ['handle', '10:11', '3分'],
    ['verify', '10:14', null],
    ['close', '10:14', null],
  ]);
  const skipped = page.locator('[data-testid=timeline-step][data-step=dispatch]');
  await expect(skipped).toHaveAttribute('data-skipped', 'true');
  await expect(skipped).toContainText('一格解决');
  await expect(page.getByTestId('ticket-points')).toContainText('+7');
  await expect(page.locator('[data-testid=timeline-step][data-step=close]')).toContainText('+7');
  await expect(page.getByTestId('limit-bar')).toContainText(/8分.*时限 2 时/s);
  // Escape leads back: out of the ticket, then out of the words
  await page.keyboard.press('Escape');
  await expect(detail(page)).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(box(page)).toHaveValue('');
});

test('what is looked for stands in the address: it survives a reload, and back and forward lead through it', async ({
  server,
  page,
}) => {
  await reportSeedCase(server);
  await signIn(page, server);
  await box(page).fill('电动车');
  await expect(results(page)).toHaveCount(2);
  await page.getByRole('combobox', { name: '镇街' }).selectOption('shiqiao');
  await expect(results(page)).toHaveCount(1);
  await results(page).first().click();
  await expect(detail(page)).toHaveAttribute('data-ticket-id', 'away');
  await page.reload();
  await expect(detail(page)).toHaveAttribute('data-ticket-id', 'away');
  await expect(box(page)).toHaveValue('电动车');
  await page.goBack();
  await expect(detail(page)).toHaveCount(0);
  await page.goBack();
  await expect(results(page)).toHaveCount(2);
  await page.goForward();
  await expect(results(page)).toHaveCount(1);
});

test('personal data is masked until it is asked for, and the server writes down who did', async ({ server, page }) => {
  await reportSeedCase(server);
  await signIn(page, server, 'duty', undefined, '?q=李雷&ticket=seed');
  await expect(results(page)).toHaveCount(1);
  await expect(detail(page)).toContainText('单元门前');
  await expect(detail(page)).not.toContainText(/李雷|13812345678|13800138000/);
  const reads = async () => {
    const { body } = await server.call('GET', '/audit?kind=ticketRead');
    return (body.items as { username?: string; subjects: string[] }[]).filter(
      ({ username }) => username === 'duty-all',
    );
  };
  expect(await reads()).toEqual([]);
  await page.getByTestId('show-personal').click();
  await expect(detail(page)).toContainText('13800138000');
  expect(await reads()).toMatchObject([{ subjects: ['seed'] }]);
  await page.getByTestId('show-personal').click();
  await expect(detail(page)).not.toContainText('13800138000');
});

test('a ticket tells its alerts and who acknowledged them, also once it is closed', async ({ server, page }) => {
  await report(server, { id: 'late', category: 'streetLight', dueAt: at('09:30') });
  const acknowledge = { disposition: 'phoned', assignTo: 'construction', note: '已联系养护组' };
  await expect
    .poll(async () => (await server.call('POST', '/alerts/overdue:late/acknowledge', acknowledge)).status)
    .toBe(200);
  await signIn(page, server, 'duty', undefined, '?q=路灯&ticket=late');
  const alerts = page.getByTestId('ticket-alerts');
  await expect(alerts.locator('[data-alert-id="overdue:late"]')).toHaveAttribute('data-state', 'acknowledged');
  await expect(alerts).toContainText(/管理员 .* 确认 · 已电话催办/);
  await expect(alerts).toContainText('指派 建设局');
  expect((await server.call('POST', '/tickets/late/steps', { step: 'close' })).status).toBe(201);
  await expect(alerts.locator('[data-alert-id="overdue:late"]')).toHaveAttribute('data-state', 'normal');
  await expect(alerts).toContainText(/管理员 .* 确认 · 已电话催办/);
  await expect(page.locator('[data-testid=timeline-step][data-step=close]')).toBeVisible();
});

test('an officer of 石桥镇 neither finds nor counts, opens nor exports a ticket of 许庄', async ({ server, page }) => {
  await reportSeedCase(server);
  await signIn(page, server, 'duty', 'shiqiao', '?q=电动车');
  await expect(results(page)).toHaveCount(1);
  await expect(results(page)).toHaveAttribute('data-ticket-id', 'away');
  await expect(page.getByTestId('search-total')).toContainText('1');
  const download = page.waitForEvent('download');
  await page.getByTestId('export-csv').click();
  const file = readFileSync(await (await download).path(), 'utf8');
  expect((parse(file, { bom: true, columns: true }) as { 标识: string }[]).map((row) => row.标识)).toEqual(['away']);
  await page.goto(`${server.url}/desk?q=荷韵花园&ticket=seed`);
  await expect(page.getByTestId('search-total')).toContainText('0');
  await expect(detail(page)).toContainText('不在您的范围内');
  await expect(detail(page)).not.toContainText('电动车');
});

test('thousands are found and only what can be seen is in the page', async ({ server, page }) => {
  const rows = Array.from({ length: 1000 }, (_, i) => ({
    id: `many-${i}`,
    source: 'grid',
    category: 'litter',
    title: `垃圾桶满溢 ${i}`,
    location: { gridId: 'heyun-03' },
    reportedAt: new Date(Date.now() - i * 1000).toISOString(),
  }));
  for (const half of [rows.slice(0, 500), rows.slice(500)]) {
    expect((await server.call('POST', '/tickets/batch', half)).status).toBe(200);
  }
  await signIn(page, server, 'viewer', undefined, '?q=垃圾桶');
  await expect(page.getByTestId('search-total')).toContainText('1,000');
  await expect(results(page).first()).toHaveAttribute('data-ticket-id', 'many-0');
  const seen = new Set<string>();
  for (let press = 0; press < 120; press += 1) {
    await box(page).press('ArrowDown');
    const active = page.locator('[data-testid=search-result].active');
    await expect(active).toHaveAttribute('data-ticket-id', `many-${press}`);
    seen.add(`many-${press}`);
    if (press % 30 === 0) expect(await results(page).count()).toBeLessThan(60);
  }
  expect(seen.size).toBe(120);
});

test('nothing about the query is hard to reach for anybody: no serious finding, light and dark', async ({
  server,
  page,
}) => {
  await reportSeedCase(server);
  await signIn(page, server, 'duty', undefined, '?q=电动车&ticket=seed');
  await expect(page.getByTestId('timeline')).toBeVisible();
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  for (const theme of ['light', 'dark']) {
    await page.evaluate((chosen) => {
      document.documentElement.dataset.theme = chosen;
    }, theme);
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { axe: rules } = window as unknown as {
        axe: {
          run(context: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
        };
      };
      return (await rules.run({ include: [['[data-testid=search-panel]']] })).violations;
    });
    const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [theme, id, nodes[0]?.html])).toEqual([]);
  }
});
