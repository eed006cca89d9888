import { defineConfig } from '@playwright/test';

/**
 * e2e: the built kiosk and pages as a person meets them; visual: stories, pixel by pixel; package: what `npm run dist`
 * packs, started. One worker: tests share the display and a small machine.
 */
export default defineConfig({
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 15_000, toHaveScreenshot: { animations: 'disabled', maxDiffPixels: 0 } },
  reporter: 'list',
  snapshotPathTemplate: 'test/visual/snapshots/{arg}{ext}',
  use: {
    locale: 'zh-CN',
    timezoneId: 'UTC',
    browserName: 'chromium',
    launchOptions: { executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium' },
    // Recording each page costs a small machine more than the test itself, and nobody opens a gate's traces
    trace: process.env.CI ? 'off' : 'retain-on-failure',
  },
  projects: [
    { name: 'e2e', testDir: 'test/e2e' },
    { name: 'visual', testDir: 'test/visual' },
    { name: 'package', testDir: 'test/package' },
  ],
});
