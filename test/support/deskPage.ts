import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Locator, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import type { BuiltServer } from './builtServer.ts';

export const STAFF_PASSWORD = 'long enough words';
const MINUTE_MS = 60_000;

/** Makes an account; returns its id. */
export async function makeOfficer(
  server: BuiltServer,
  username: string,
  name: string,
  role: 'viewer' | 'leader' | 'duty' | 'admin' = 'duty',
): Promise<string> {
  const { status, body } = await server.call('POST', '/accounts', { username, name, role, password: STAFF_PASSWORD });
  if (status !== 201) throw new Error(`no account: ${JSON.stringify(body)}`);
  return (body.account as { id: string }).id;
}

/** Reports a ticket that is late already and waits for its alert; returns the alert's id. */
export async function lateTicket(
  server: BuiltServer,
  id: string,
  {
    lateMinutes = 9,
    limitMinutes = 120,
    ...said
  }: {
    readonly lateMinutes?: number;
    readonly limitMinutes?: number;
    readonly title?: string;
    readonly description?: string;
  } = {},
): Promise<string> {
  const now = Date.now();
  const { status, body } = await server.call('POST', '/tickets', {
    id,
    source: '12345',
    category: 'streetVending',
    title: '占道经营反复',
    location: { gridId: 'yunhe-04' },
    reportedAt: new Date(now - (lateMinutes + limitMinutes) * MINUTE_MS).toISOString(),
    dueAt: new Date(now - lateMinutes * MINUTE_MS).toISOString(),
    ...said,
  });
  if (status !== 201) throw new Error(`no ticket: ${JSON.stringify(body)}`);
  const alertId = `overdue:${id}`;
  await expect.poll(async () => (await server.call('GET', `/alerts/${alertId}`)).status).toBe(200);
  return alertId;
}

/** Opens the desk and signs in; the queue is there afterwards. */
export async function signIn(page: Page, server: BuiltServer, username: string, path = '/desk'): Promise<void> {
  await page.goto(`${server.url}${path}`);
  await typeCredentials(page, username);
  await expect(page.getByTestId('desk')).toHaveAttribute('data-feed', 'live');
}

export async function typeCredentials(page: Page, username: string, password = STAFF_PASSWORD): Promise<void> {
  await expect(page.getByTestId('login')).toBeVisible();
  await page.locator('input[name=username]').fill(username);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
}

export function alertRow(page: Page, alertId: string): Locator {
  return page.locator(`[data-testid=alert-row][data-alert-id="${alertId}"]`);
}

const axeScript = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe calls serious or critical on this page, by rule and element. */
export async function seriousFaults(page: Page): Promise<readonly (readonly [string, readonly string[]])[]> {
  // By the driver and not as a script of the page, whose policy runs nobody's but its own
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeScript);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)] as const);
}
