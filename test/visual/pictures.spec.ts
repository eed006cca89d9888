import { join } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page } from '@playwright/test';
import { findElectron } from '../../tools/electron.mjs';
import { test as base, openStory } from './storyPage.ts';

/** The Electron that is pinned by hash (docs/dependencies.md): another one draws other pixels. */
const PINNED_VERSION = '33.2.1';
const SIZE = { width: 1920, height: 1080 };
const DOMAINS = ['livelihood', 'traffic', 'government', 'analysis', 'urban'].map((domain) => `panel-${domain}`);
const COLUMNS = ['pipeline', 'due-soon', 'map', 'stream', 'overdue'];
const CALM = ['header', ...COLUMNS, 'departments', ...DOMAINS];
const electron = findElectron();

interface State {
  readonly story: string;
  /** What each panel says of its own data. */
  readonly quality: 'normal' | 'loading' | 'stale' | 'disconnected';
  /** Panels with a picture, by test id: all that can be in the state. */
  readonly panels: readonly string[];
  /** Panels that must look to the pixel as while all is well. */
  readonly asNormal?: readonly string[];
  /** The strips under the header that tell of the state, by test id. */
  readonly notices?: readonly string[];
}

const STATES: Readonly<Record<string, State>> = {
  normal: { story: 'normal', quality: 'normal', panels: CALM },
  empty: { story: 'nothing', quality: 'normal', panels: CALM, asNormal: ['header'] },
  loading: { story: 'loading', quality: 'loading', panels: CALM },
  neverLoaded: { story: 'neverLoaded', quality: 'disconnected', panels: CALM },
  stale: { story: 'lateSources', quality: 'stale', panels: CALM },
  disconnected: { story: 'gone', quality: 'disconnected', panels: CALM, notices: ['link-strip'] },
  // Sums are checked of the stages and of the domains; no other panel shows a sum.
  inconsistent: { story: 'fault', quality: 'normal', panels: ['header', 'pipeline', ...DOMAINS], asNormal: ['header'] },
  // The flood takes the departments' place.
  flood: {
    story: 'flood',
    quality: 'normal',
    panels: ['header', ...COLUMNS, ...DOMAINS],
    asNormal: ['due-soon', 'stream', 'panel-livelihood'],
  },
  // Counts are of alerts, taken or not; only the list and the map tell them apart.
  acknowledged: {
    story: 'acknowledged',
    quality: 'normal',
    panels: CALM,
    asNormal: CALM.filter((id) => id !== 'overdue' && id !== 'map'),
  },
  recovered: { story: 'receipt', quality: 'normal', panels: [], notices: ['outage-receipt'] },
  lateCanary: { story: 'lateCanary', quality: 'normal', panels: ['header'], notices: ['canary-strip'] },
  systemFault: { story: 'systemFault', quality: 'normal', panels: [], notices: ['system-lane'] },
};
/** What stands in place of the scene is a picture as a whole. */
const SCREENS = ['connecting', 'pairing', 'incompatible', 'fatal'] as const;

/** One window whose content is exactly as large as the wall, for all pictures. */
const test = base.extend<object, { readonly window: Page }>({
  window: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    async ({}, use) => {
      // Without executablePath Playwright starts Electron through its own loader, and looks here for it.
      process.env.ELECTRON_OVERRIDE_DIST_PATH = electron?.folder ?? '';
      const app = await _electron.launch({
        args: [join(import.meta.dirname, 'storyWindow.mjs')],
        env: { ...(process.env as Record<string, string>), FONTCONFIG_FILE: join(import.meta.dirname, 'fonts.conf') },
      });
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

  for (const [state, { story, quality, panels, asNormal = [], notices = [] }] of Object.entries(STATES)) {
    test(`each panel: ${state}`, async ({ window, origin }) => {
      await openStory(window, origin, story);
      await expect(window.locator('.notice')).toHaveCount(notices.length);
      for (const id of [...notices, ...panels]) {
        const part = id === 'header' ? window.locator('.slotHeader') : window.getByTestId(id);
        if (CALM.includes(id) && id !== 'header') await expect(part, id).toHaveAttribute('data-quality', quality);
        const picture = [asNormal.includes(id) ? 'normal' : state, `${id}.png`];
        await expect.soft(part, id).toHaveScreenshot(picture, { threshold: 0 });
      }
    });
  }

  for (const screen of SCREENS) {
    test(`the whole screen: ${screen}`, async ({ window, origin }) => {
      await openStory(window, origin, screen);
      await expect(window).toHaveScreenshot(`${screen}.png`, { threshold: 0 });
    });
  }
});
