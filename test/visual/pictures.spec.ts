import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page } from '@playwright/test';
import { findElectron } from '../../tools/electron.mjs';
import { test as base, openStory } from './storyPage.ts';

/** The Electron that is pinned by hash (docs/dependencies.md): another one draws other pixels. */
const PINNED_VERSION = '33.2.1';
const SIZE = { width: 1920, height: 1080 };
/** Pictures are kept of these, not of more, for a wall takes half a megabyte; a story without one yet is skipped, and `--update-snapshots` takes it. */
const PICTURES = [
  'normal',
  'empty',
  'stale',
  'offline',
  'acknowledged',
  'flood',
  'connecting',
  'pairing',
  'fatal',
] as const;
const electron = findElectron();

/** One window whose content is exactly as large as the wall, for all pictures. */
const test = base.extend<object, { readonly window: Page }>({
  window: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    async ({}, use) => {
      // Without executablePath Playwright starts Electron through its own loader, and looks here for it.
      process.env.ELECTRON_OVERRIDE_DIST_PATH = electron?.folder ?? '';
      const app = await _electron.launch({ args: [join(import.meta.dirname, 'storyWindow.mjs')] });
      await use(await openWindow(app));
      await app.close();
    },
    { scope: 'worker' },
  ],
});

async function openWindow(app: ElectronApplication): Promise<Page> {
  const opened = app.waitForEvent('window');
  await app.evaluate(async ({ BrowserWindow }, size) => {
    const window = new BrowserWindow({ ...size, useContentSize: true, frame: false });
    await window.loadURL('about:blank');
  }, SIZE);
  const page = await opened;
  await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, SIZE);
  return page;
}

test.describe('pictures, exact to the pixel', () => {
  test.skip(
    electron?.source !== 'fallback' || electron.version !== PINNED_VERSION,
    `pictures are of the pinned Electron ${PINNED_VERSION}; here is ${electron === null ? 'none' : `${electron.version} (${electron.source})`}`,
  );

  for (const story of PICTURES) {
    test(story, async ({ window, origin }, testInfo) => {
      const file = `${story}.png`;
      test.skip(
        !existsSync(testInfo.snapshotPath(file)) && testInfo.config.updateSnapshots === 'missing',
        'there is no picture of it yet: npm run test:visual -- pictures --update-snapshots takes it',
      );
      await openStory(window, origin, story);
      await expect(window).toHaveScreenshot(file, { threshold: 0 });
    });
  }
});
