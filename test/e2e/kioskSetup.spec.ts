import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from '../support/hall.ts';
import { expectLive } from '../support/liveWall.ts';

/** A pairing code as it is shown. */
const CODE = /^[A-Z0-9]{6}$/;

test('the first start is set up by keyboard alone: server, screens, farthest seat, PIN; then the wall is paired and live', async ({
  server,
  userDataFolder,
  openKiosk,
}) => {
  const kiosk = await openKiosk({});
  const { page } = kiosk;
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name') ?? '');
  /** Goes on by Tab to a field and writes over what stands there. */
  const write = async (name: string, text: string) => {
    await expect
      .poll(async () => {
        if ((await focused()) !== name) await page.keyboard.press('Tab');
        return focused();
      })
      .toBe(name);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  };
  await expect(page.locator('[name=server]')).toBeVisible();
  await write('diagonal', '98');
  await write('seat', '3');
  await write('server', server.url);
  await write('pin', '4711');
  await page.keyboard.press('Enter');

  const code = page.getByTestId('pairing').getByText(CODE);
  await expect(code).toBeVisible({ timeout: 20_000 });
  const kept = readFileSync(join(userDataFolder, 'kiosk.json'), 'utf8');
  expect(JSON.parse(kept)).toMatchObject({
    serverUrl: server.url,
    pitchMm: expect.any(Number),
    farthestSeatM: 3,
    exitPin: { hash: expect.any(String) },
  });
  const approved = await server.call('POST', `/pairings/${await code.textContent()}/approve`, { name: 'hall' });
  expect(approved.status).toBeLessThan(300);
  await expectLive(kiosk);
  await kiosk.close();

  // The next start knows all of it
  const again = await openKiosk({});
  await expectLive(again);
});
