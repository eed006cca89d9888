import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startBuiltServer } from '../support/builtServer.ts';
import { freePort } from '../support/freePort.ts';
import { test } from '../support/hall.ts';
import { startProvider } from '../support/identityProvider.ts';

const OFFICER = { username: 'zhao', name: '赵甲', role: 'duty', password: 'long enough' };

const login = (page: Page) => page.getByTestId('login');

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByTestId('username').fill(OFFICER.username);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('password').press('Enter');
}

test('the password is not shown while it is typed, and may be pasted or filled in', async ({ server, page }) => {
  await server.call('POST', '/accounts', OFFICER);
  await page.goto(`${server.url}/desk`);
  const password = page.getByTestId('password');
  await expect(password).toHaveAttribute('type', 'password');
  await expect(password).toHaveAttribute('autocomplete', 'current-password');
  await expect(page.getByTestId('username')).toHaveAttribute('autocomplete', 'username');
  const username = page.getByTestId('username');
  await username.fill(OFFICER.password);
  await username.press('Control+a');
  await username.press('Control+x');
  await password.press('Control+v');
  await expect(password).toHaveValue(OFFICER.password);
  await username.fill(OFFICER.username);
  await username.press('Enter');
  await expect(page.getByTestId('alert-queue')).toBeVisible();
});

test('after signing out nothing of the session is left in the browser, nor comes back by its back button', async ({
  server,
  page,
}) => {
  await server.call('POST', '/accounts', OFFICER);
  const title = '荷韵花园 13812345678';
  const report = { id: 'T', source: '12345', category: 'streetlight', title, location: { gridId: 'heyun-03' } };
  await server.call('POST', '/tickets', { ...report, priority: 'critical' });
  await page.goto(`${server.url}/desk`);
  await signIn(page, OFFICER.password);
  await expect(page.getByTestId('alert-row')).toHaveCount(1);
  await expect(page.locator('body')).toContainText('荷韵花园');

  await page.getByTestId('account').click();
  await page.locator('.settingsPassword summary').click();
  await page.locator('input[name=current]').fill(OFFICER.password);
  await page.locator('input[name=next]').fill('even longer now');
  await page.locator('input[name=again]').fill('even longer now');
  await page.locator('input[name=again]').press('Enter');
  await expect(page.getByTestId('password-said')).not.toBeEmpty();
  // The new session's socket comes by itself: the queue goes on
  await server.call('POST', '/tickets', { ...report, id: 'T-2', priority: 'critical' });
  await expect(page.getByTestId('alert-row')).toHaveCount(2);

  await page.getByTestId('sign-out').click();
  await expect(login(page)).toBeVisible();
  await expect(page.locator('body')).not.toContainText('荷韵花园');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(kept).not.toMatch(/荷韵花园|13812345678|[\w-]{43}/);
  expect(await page.context().cookies()).toEqual([]);
  await page.goto('about:blank');
  await page.goBack();
  await expect(login(page)).toBeVisible();
  await expect(page.locator('body')).not.toContainText('荷韵花园');
  await signIn(page, OFFICER.password);
  await expect(page.getByRole('alert')).toHaveAttribute('data-fault', 'wrong');
  await signIn(page, 'even longer now');
  await expect(page.getByTestId('alert-queue')).toBeVisible();
});

test('the identity provider of the house lets somebody in, and signing out ends both sessions', async ({ page }) => {
  const port = await freePort();
  const own = `http://127.0.0.1:${port}`;
  const provider = await startProvider(`${own}/api/v1/session/oidc/callback`, `${own}/desk`);
  provider.people.set('p-1', { preferred_username: OFFICER.username, name: OFFICER.name });
  const folder = mkdtempSync(join(tmpdir(), 'taibai-provider-'));
  const file = join(folder, 'house.json');
  const { issuer, clientId, clientSecret } = provider;
  writeFileSync(file, JSON.stringify({ issuer, clientId, clientSecret, name: { zh: '统一身份认证' } }));
  const server = await startBuiltServer({ port, args: ['--oidc', file] });
  await server.call('POST', '/accounts', OFFICER);

  await page.goto(`${own}/desk`);
  await page.getByTestId('provider').click();
  await page.locator('input[name=login]').fill('p-1');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('button[type=submit]').click();
  await expect(page.getByTestId('alert-queue')).toBeVisible();
  expect(new URL(page.url()).origin).toBe(own);
  await expect(page.getByTestId('account')).toContainText(OFFICER.name);

  await page.getByTestId('account').click();
  await page.getByTestId('sign-out').click();
  await page.getByRole('button', { name: /yes/i }).click();
  await expect(login(page)).toBeVisible();
  // The provider asks again who is there
  await page.getByTestId('provider').click();
  await expect(page.locator('input[name=login]')).toBeVisible();

  await server.close();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});
