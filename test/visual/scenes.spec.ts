import { expect } from '@playwright/test';
import { bundledScenes } from '../../renderer/scenes/index.ts';
import { lint, show } from './sceneLint.ts';
import { openStory, test } from './storyPage.ts';

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
  { width: 5760, height: 1080 },
  { width: 7680, height: 2160 },
] as const;
/** Each state of a wall and the story that shows it. */
const STATES = {
  normal: 'normal',
  flood: 'flood',
  empty: 'nothing',
  stale: 'lateSources',
  disconnected: 'gone',
} as const;

for (const size of SIZES) {
  test.describe(`every scene at ${size.width} × ${size.height}`, () => {
    test.use({ viewport: size });
    for (const [state, story] of Object.entries(STATES)) {
      test(`${state}: nothing overlaps, is clipped, small, across a seam or left over`, async ({ page, origin }) => {
        const faults = await openStory(page, origin, story);
        const row = page.locator('[data-testid=overdue-row][data-ticket-id]').first();
        const ticketId = (await row.count()) === 0 ? 'none' : await row.getAttribute('data-ticket-id');
        for (const { id } of bundledScenes()) {
          await show(page, id === 'ticket' ? `ticket:${ticketId}` : id);
          expect.soft(await lint(page), id).toEqual([]);
        }
        expect(faults).toEqual([]);
      });
    }
  });
}

test.describe('the linter', () => {
  test.use({ viewport: SIZES[0] });
  for (const [scene, finding] of [
    ['bad-overlap', /^stream: overlap|^overdue: overlap/],
    ['bad-tight', /^stream: clipped “.+” by/],
    ['bad-unused', /^no slot: unused \d+ × \d+ units/],
  ] as const) {
    test(`names what is wrong with ${scene}`, async ({ page, origin }) => {
      await openStory(page, origin, 'badScenes');
      await show(page, scene);
      expect(await lint(page)).toContainEqual(expect.stringMatching(finding));
    });
  }

  test('names the panel that crosses a seam', async ({ page, origin }) => {
    await page.setViewportSize(SIZES[2]);
    await openStory(page, origin, 'badScenes');
    await show(page, 'bad-seam');
    expect(await lint(page)).toContainEqual(expect.stringMatching(/^stream: seam crosses one of 1920, 3840$/));
  });

  test('names the panel whose text is too small', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await page.addStyleTag({ content: '.streamPlace { font-size: calc(17 * var(--u)); }' });
    const found = await lint(page);
    expect(found.length).toBeGreaterThan(5);
    for (const line of found) expect(line).toMatch(/^stream: small “.+” 17.0 units$/);
  });

  test('finds a scene whose text the farthest seat cannot read refused, by panel and role', async ({
    page,
    origin,
  }) => {
    await openStory(page, origin, 'farSeat');
    const refused = page.getByTestId('scene-refused');
    await expect(refused.locator('[data-refused-panel=overdue]')).toHaveAttribute('data-roles', /digits/);
    await expect(refused).toContainText('超期告警：标题 11.7/27 角分');
    await expect(page.locator('.slots')).toHaveCount(0);
    // What must be seen all the same is.
    await expect(page.getByTestId('critical-strip')).toBeVisible();
  });
});
