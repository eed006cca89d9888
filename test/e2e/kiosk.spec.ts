import { expect } from '@playwright/test';
import { test } from '../support/hall.ts';

/** A pairing code as it is shown. */
const CODE = /^[A-Z0-9]{6}$/;

test('the wall hangs over the whole display, paired and live', async ({ server, openKiosk }) => {
  const { app, page } = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  const { window, display } = await app.evaluate(({ BrowserWindow, screen }) => {
    const [wall] = BrowserWindow.getAllWindows();
    return {
      window: { bounds: wall?.getBounds(), kiosk: wall?.isKiosk(), visible: wall?.isVisible() },
      display: screen.getPrimaryDisplay().bounds,
    };
  });
  expect(window).toEqual({ bounds: display, kiosk: true, visible: true });
  expect(await page.evaluate(() => [innerWidth, innerHeight])).toEqual([display.width, display.height]);
});

test('the wall keeps to its own policy and complains of nothing', async ({ server, openKiosk }) => {
  const { page } = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A breach of the content security policy is told there, too.
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.reload();
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  await server.call('POST', '/tickets', {
    id: 'any',
    source: '12345',
    category: 'litter',
    title: '垃圾桶满溢',
    location: {},
  });
  await expect(page.locator('[data-testid=stream-row][data-ticket-id=any]')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a ticket that is reported is a row on it', async ({ server, openKiosk }) => {
  const { page } = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  const { status, body } = await server.call('POST', '/tickets', {
    source: '12345',
    category: 'litter',
    title: '石桥镇卫生院门口垃圾桶满溢',
    location: { gridId: 'none', address: '石桥镇' },
  });
  expect(status).toBe(201);
  const { id } = body.ticket as { id: string };
  const row = page.locator(`[data-testid=stream-row][data-ticket-id="${id}"]`);
  await expect(row).toBeVisible();
  await expect(row).toHaveAttribute('data-status', 'reported');
  await expect(row).toContainText('石桥镇卫生院门口垃圾桶满溢');
});

test('the case of 荷韵花园 is seen from report to close', async ({ server, openKiosk }) => {
  const { page } = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  const ticketId = 'lotus-1006';
  const row = page.locator(`[data-testid=stream-row][data-ticket-id="${ticketId}"]`);
  /** Steps are dated as in the case itself, of today's date in the district; the past is always accepted. */
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(Date.now() - 24 * 3_600_000);
  const at = (time: string) => `${day}T${time}:00+08:00`;
  const step = async (body: object) => {
    const answer = await server.call('POST', `/tickets/${ticketId}/steps`, body);
    expect(answer.status).toBe(201);
    return answer.body.ticket as { status: string; points: number; flags: string[] };
  };

  const { body: deployment } = await server.call('GET', '/deployment');
  const grids = deployment.grids as { id: string; name: { zh: string } }[];
  const gridId = grids.find(({ name }) => name.zh === '荷韵花园-03')?.id;
  expect(gridId).toBeDefined();

  const reported = await server.call('POST', '/tickets', {
    id: ticketId,
    source: 'gridOfficer',
    category: 'nonMotorParking',
    title: '荷韵花园南门电动车乱停乱放',
    location: { gridId, address: '荷韵花园' },
    reporter: { id: 'WG-147', name: '陈安' },
    reportedAt: at('10:06'),
  });
  expect(reported.status).toBe(201);
  await expect(row).toHaveAttribute('data-status', 'reported');

  expect(await step({ step: 'handle', by: '陈安', at: at('10:11') })).toMatchObject({ status: 'handled' });
  await expect(row).toHaveAttribute('data-status', 'handled');

  // Verified by somebody else, it is closed by the system in the same commit and earns the category's points.
  expect(await step({ step: 'verify', by: '周宁', at: at('10:14') })).toMatchObject({ status: 'closed', points: 7 });
  await expect(row).toHaveAttribute('data-status', 'closed');
  await expect(row).toHaveCount(1);
});

test('the kiosk tells its server how its machine fares', async ({ server, openKiosk }) => {
  const { page } = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  const reports = async () => {
    const { body } = await server.call('GET', '/walls');
    const { items } = body as { items: { windows: { report: unknown }[] }[] };
    return items.flatMap(({ windows }) => windows.map(({ report }) => report));
  };
  await expect.poll(reports, { timeout: 60_000 }).toEqual([
    {
      cpuPercent: expect.any(Number),
      memoryMb: expect.any(Number),
      frameMs: expect.any(Number),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      reportedAt: expect.any(String),
    },
  ]);
});

test('a kiosk without a token shows its code, is approved, and remembers it', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url });
  const code = await kiosk.page.getByTestId('pairing').getByText(CODE).textContent();
  const approved = await server.call('POST', `/pairings/${code}/approve`, { name: 'hall' });
  expect(approved.status).toBeLessThan(300);
  await expect(kiosk.page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  await kiosk.close();

  const again = await openKiosk({ serverUrl: server.url });
  await expect(again.page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  await expect(again.page.getByTestId('pairing')).toHaveCount(0);
});
