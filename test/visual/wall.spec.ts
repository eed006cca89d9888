import { expect, type Page } from '@playwright/test';
import { openStory, test } from './storyPage.ts';
import { findTextFaults } from './textFaults.ts';

/** The least size of any text on a wall, in design units (visual specification §1). */
const LEAST_UNITS = 18;
const SIZES = [
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
] as const;
const SCENES = [
  'normal',
  'empty',
  'many',
  'lateSource',
  'nothing',
  'loading',
  'neverLoaded',
  'stale',
  'lateSources',
  'offline',
  'gone',
  'lateCanary',
  'dataStates',
  'receipt',
  'foreign',
  'fault',
  'boston',
  'kansasCity',
] as const;
const SCREENS = ['connecting', 'pairing', 'incompatible', 'fatal'] as const;

for (const size of SIZES) {
  test.describe(`${size.width} × ${size.height}`, () => {
    test.use({ viewport: size });

    for (const story of [...SCENES, ...SCREENS]) {
      test(`${story}: every text is large enough, whole and by itself`, async ({ page, origin }) => {
        const faults = await openStory(page, origin, story);
        expect(await page.evaluate(findTextFaults, LEAST_UNITS)).toEqual([]);
        expect(faults).toEqual([]);
      });
    }

    for (const story of ['normal', 'empty', 'loading', 'lateSources', 'offline', 'boston', 'kansasCity']) {
      test(`${story} in English too`, async ({ page, origin }) => {
        const faults = await openStory(page, origin, story, { language: 'en' });
        expect(await page.evaluate(findTextFaults, LEAST_UNITS)).toEqual([]);
        expect(faults).toEqual([]);
      });
    }
  });
}

test.describe('the dispatch scene', () => {
  test.use({ viewport: SIZES[0] });

  const number = async (page: Page, selector: string) =>
    Number((await page.locator(selector).innerText()).replaceAll(',', ''));

  test('shows sums that agree', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    const stage = (id: string) => number(page, `[data-stage=${id}] .stageCount`);
    const open = (await stage('dispatch')) + (await stage('handle')) + (await stage('verify'));
    const towns = await page.locator('.townOpen strong').allInnerTexts();
    const outside = Number(await page.locator('[data-outside]').getAttribute('data-outside'));
    expect(towns.reduce((sum, text) => sum + Number(text), outside)).toBe(open);
    const domains = await page.locator('.domainNumber').allInnerTexts();
    expect(domains.reduce((sum, text) => sum + Number(text), 0)).toBe(await stage('report'));
    await expect(page.locator('.totalsFault, .domainFault')).toHaveCount(0);
  });

  test('carries the hooks that tests and tools read', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    const wall = page.getByTestId('wall');
    await expect(wall).toHaveAttribute('data-feed', 'live');
    await expect(wall).toHaveAttribute('data-scene', 'dispatch');
    await expect(wall).toHaveAttribute('data-seq', /^\d+$/);
    for (const id of ['due-soon', 'map', 'trust-strip', 'stream', 'overdue'])
      await expect(page.getByTestId(id)).toBeVisible();
    for (const domain of ['livelihood', 'traffic', 'government', 'urban', 'analysis']) {
      await expect(page.getByTestId(`panel-${domain}`)).toBeVisible();
    }
    const row = page.getByTestId('stream').getByTestId('stream-row').first();
    await expect(row).toHaveAttribute('data-status', 'reported');
    await expect(row).toHaveAttribute('data-ticket-id', /./);
    const alert = page.getByTestId('overdue').getByTestId('overdue-row').first();
    await expect(alert).toHaveAttribute('data-state', 'unacknowledged');
    expect(await alert.getAttribute('data-alert-id')).toBe(`overdue:${await alert.getAttribute('data-ticket-id')}`);
  });

  test('keeps the panels full to the row', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await expect(page.getByTestId('stream-row')).toHaveCount(10);
    await expect(page.getByTestId('overdue-row')).toHaveCount(6);
    await openStory(page, origin, 'many');
    await expect(page.getByTestId('overdue-row')).toHaveCount(5);
    await expect(page.locator('.overdueMore')).toBeVisible();
  });

  test('marks old numbers as old and keeps the alerts', async ({ page, origin }) => {
    await openStory(page, origin, 'offline');
    await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'offline');
    await expect(page.getByTestId('link-strip')).toContainText('15:36:02');
    await expect(page.getByTestId('trust-strip')).toContainText('15:36:02');
    await expect(page.locator('.headerClock')).toHaveText('15:42:08');
    await expect(page.getByTestId('overdue-row').first()).toBeVisible();
    const line = page.locator('[data-stage=report] .stageCount');
    await expect(line).toHaveCSS('text-decoration-style', 'dotted');
    await expect(page.getByTestId('overdue').locator('.hourglassMark').first()).toBeVisible();
    await openStory(page, origin, 'normal');
    await expect(line).toHaveCSS('text-decoration-line', 'none');
    await expect(page.locator('.hourglassMark:visible')).toHaveCount(0);
  });

  test('names late sources though not all fit, and the numbers that differ', async ({ page, origin }) => {
    await openStory(page, origin, 'foreign');
    const strip = page.getByTestId('trust-strip');
    await expect(strip.locator('[data-late=true]')).toHaveCount(2);
    await expect(strip.locator('[data-hidden-sources]')).toBeVisible();
    await expect(page.locator('.headerClock')).toHaveText('15:42:08');
    await openStory(page, origin, 'fault');
    await expect(page.locator('.totalsFault')).toBeVisible();
    await expect(page.locator('.domainFault')).toHaveCount(5);
  });

  /** Share of the picture in saturated red to amber, counted by the browser itself. */
  const alertShare = async (page: Page) => {
    const picture = (await page.screenshot()).toString('base64');
    return page.evaluate(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      context.drawImage(image, 0, 0);
      const pixels = context.getImageData(0, 0, image.width, image.height).data;
      let hot = 0;
      for (let i = 0; i < pixels.length; i += 4) {
        const [red = 0, green = 0, blue = 0] = pixels.subarray(i, i + 3);
        if (red > 120 && red - blue > 70 && red - green > 20) hot += 1;
      }
      return hot / (pixels.length / 4);
    }, picture);
  };

  test('has no red or amber in it while nothing is overdue', async ({ page, origin }) => {
    await openStory(page, origin, 'empty');
    expect(await alertShare(page)).toBeLessThan(0.0005);
    await openStory(page, origin, 'normal');
    expect(await alertShare(page)).toBeGreaterThan(0.002);
  });
});
