import { expect } from '@playwright/test';
import { test } from '../support/hall.ts';
import { ALL_SECRETS, givenAway, PLANTED, REPORTER, stepWith, ticketWith } from '../support/plantedData.ts';

test('personal data planted in every text of a ticket is nowhere in the page of the wall', async ({ server, page }) => {
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  const token = await server.wallToken();
  await page.goto(`${server.url}/wall#token=${token}`);
  const wall = page.getByTestId('wall');
  await expect(wall).toHaveAttribute('data-feed', 'live');

  const pictures: string[] = [];
  for (const [i, planted] of PLANTED.entries()) {
    const reported = await server.call('POST', '/tickets', {
      ...ticketWith(planted, `planted-${i}`),
      // Every place of the wall that shows tickets: the stream, what is overdue, what is due soon
      reportedAt: new Date(Date.now() - 3 * 3_600_000).toISOString(),
      dueAt: new Date(Date.now() + (i % 2 === 0 ? -60_000 : 20 * 60_000)).toISOString(),
      priority: 'critical',
    });
    expect(reported.status).toBe(201);
    if (i % 3 === 0) await server.call('POST', `/tickets/planted-${i}/steps`, stepWith(planted, 'dispatch'));
    const { body } = await server.call('GET', '/status');
    await expect.poll(async () => Number(await wall.getAttribute('data-seq'))).toBeGreaterThanOrEqual(Number(body.seq));
    pictures.push(await page.content());
  }
  await expect(page.locator('[data-testid=stream-row]').first()).toBeVisible();
  // What the page holds and does not show, too: storage, titles, labels for the blind
  pictures.push(await page.content());
  pictures.push(
    await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage, title: document.title })),
  );
  const text = pictures.join('\n');
  expect(text).toContain('planted-');
  expect(givenAway(text, ALL_SECRETS)).toEqual([]);
  expect(givenAway(said.join('\n'), ALL_SECRETS)).toEqual([]);
  expect(text).not.toContain(REPORTER.id);
});
