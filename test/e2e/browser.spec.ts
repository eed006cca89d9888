import { expect } from '@playwright/test';
import { test } from '../support/hall.ts';

/** A pairing code as it is shown. */
const CODE = /^[A-Z0-9]{6}$/;

test('with its token in the address a browser shows the board', async ({ server, page }) => {
  const token = await server.wallToken();
  await page.goto(`${server.url}/wall#token=${token}`);
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  await expect(page).not.toHaveURL(/token/); // nobody reads it off the address bar or the history
  const { body } = await server.call('POST', '/tickets', {
    id: 'browser-1',
    source: '12345',
    category: 'litter',
    title: '许庄街道垃圾清运',
    location: {},
  });
  expect(body).toMatchObject({ ticket: { id: 'browser-1' } });
  await expect(page.locator('[data-testid=stream-row][data-ticket-id=browser-1]')).toBeVisible();
});

test('without a token it shows a pairing code until an administrator approves it', async ({ server, page }) => {
  await page.goto(`${server.url}/wall`);
  const code = await page.getByTestId('pairing').getByText(CODE).textContent();
  await expect(page.getByTestId('wall')).toHaveCount(0);
  const approved = await server.call('POST', `/pairings/${code}/approve`, { name: 'corridor' });
  expect(approved.status).toBeLessThan(300);
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
});

test('a token that was revoked brings the code back, not a picture of yesterday', async ({ server, page }) => {
  const created = await server.call('POST', '/clients', { name: 'lobby', kind: 'wall' });
  await page.goto(`${server.url}/wall#token=${created.body.token}`);
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  await server.call('DELETE', `/clients/${created.body.id}`);
  await expect(page.getByTestId('pairing')).toBeVisible();
});

test('a critical alert sounds on a wall that was touched, and its synthesiser sleeps before and after', async ({
  server,
  page,
}) => {
  await page.addInitScript(() => {
    const seen: string[] = [];
    class Watched extends AudioContext {
      constructor() {
        super();
        this.addEventListener('statechange', () => seen.push(this.state));
      }
    }
    Object.assign(window, { AudioContext: Watched, seen });
  });
  const states = () => page.evaluate(() => (window as unknown as { readonly seen: readonly string[] }).seen.join(' '));
  await page.goto(`${server.url}/wall#token=${await server.wallToken()}`);
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  await page.keyboard.press('Shift');
  expect(await states()).not.toMatch(/running$/);
  const before = await states();
  const report = { source: '12345', category: 'litter', title: '窨井盖缺失', priority: 'critical', location: {} };
  await server.call('POST', '/tickets', { ...report, id: 'call' });
  await expect
    .poll(async () => (await states()).slice(before.length).trim(), { timeout: 15_000 })
    .toBe('running suspended');
});
