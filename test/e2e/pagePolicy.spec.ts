import { expect, type Page } from '@playwright/test';
import { test } from '../support/hall.ts';

/** What a page did that its own policy forbids, and whatever it tried to load from elsewhere. */
async function breachesOf(page: Page, ownUrl: string): Promise<string[]> {
  const breaches: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(ownUrl) && !/^(?:data|blob|ws):/.test(request.url())) breaches.push(request.url());
  });
  await page.exposeFunction('tellBreach', (breach: string) => breaches.push(breach));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (window as unknown as { tellBreach(breach: string): void }).tellBreach(`${violatedDirective} ${blockedURI}`);
    });
  });
  return breaches;
}

test('wall and desk keep to a policy without inline scripts and styles, and load nothing from elsewhere', async ({
  server,
  page,
}) => {
  const breaches = await breachesOf(page, server.url);
  const report = { source: '12345', category: 'gasLeak', title: '燃气泄漏', location: { gridId: 'heyun-03' } };
  await server.call('POST', '/tickets', { ...report, id: 'T', priority: 'critical' });
  await page.goto(`${server.url}/wall#token=${await server.wallToken()}`);
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  await expect(page.locator('canvas').first()).toBeVisible();

  await server.call('POST', '/accounts', { username: 'zhao', name: '赵甲', role: 'duty', password: 'long enough' });
  const policy = (await page.goto(`${server.url}/desk`))?.headers()['content-security-policy'];
  expect(policy).not.toContain('unsafe');
  await page.getByTestId('username').fill('zhao');
  await page.getByTestId('password').fill('long enough');
  await page.getByTestId('password').press('Enter');
  await page.getByTestId('alert-row').first().click();
  await expect(page.getByTestId('acknowledge')).toBeVisible();
  await page.getByTestId('account').click();
  await expect(page.getByTestId('sign-out')).toBeVisible();
  expect(breaches).toEqual([]);

  // The probe sees what it looks for
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red">x</p>'));
  await expect.poll(() => breaches.join()).toContain('style-src');
});
