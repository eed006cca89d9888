import { expect, type Page } from '@playwright/test';
import { canvasOf } from '../../renderer/layout/canvas.ts';
import { bundledScenes } from '../../renderer/scenes/index.ts';
import { findSceneFaults } from './sceneFaults.ts';
import { openStory, test } from './storyPage.ts';
import { findTextFaults } from './textFaults.ts';

/** The least size of any text on a wall, in design units (visual specification §1). */
const LEAST_UNITS = 18;
/** An empty rectangle of so much of a screen is canvas left over. */
const LEAST_UNUSED = 0.12;
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

/** Every fault of what is on the wall now, as lines that name the element. */
async function lint(page: Page): Promise<string[]> {
  const size = page.viewportSize();
  if (size === null) throw new Error('the page has no size');
  const { screens } = canvasOf(size.width, size.height);
  const texts = await page.evaluate(findTextFaults, LEAST_UNITS);
  const places = await page.evaluate(findSceneFaults, { screens, leastUnused: LEAST_UNUSED });
  return [
    ...texts.map(({ kind, element, text, detail }) => `${element}: ${kind} “${text}” ${detail}`),
    ...places.map(({ kind, element, detail }) => `${element}: ${kind} ${detail}`),
  ];
}

async function show(page: Page, choice: string): Promise<void> {
  await page.evaluate((scene) => showScene(scene), choice);
  await expect(page.getByTestId('wall')).toHaveAttribute('data-scene', choice.split(':')[0] as string);
  await page.evaluate(() => chartsPainted());
}

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
