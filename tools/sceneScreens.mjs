// node tools/sceneScreens.mjs [--out FOLDER] [SCENE …]: pictures of every scene at four sizes in five states, small ones,
// for docs/screens/scenes. Needs ImageMagick (`convert`). They are taken of the stories (test/visual), where each state stands still at one moment;
// tools/screens.mjs takes those of the running product.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { projectRoot } from './electron.mjs';

/** Walls, and how wide their pictures are: wide enough to read the captions, small enough to be kept by the hundred. */
const SIZES = [
  { width: 1920, height: 1080, pictured: 1152 },
  { width: 3840, height: 2160, pictured: 1152 },
  { width: 5760, height: 1080, pictured: 2304 },
  { width: 7680, height: 2160, pictured: 2048 },
];
/** Of WebP, 0 to 100. */
const QUALITY = 25;
/** Each state and the story that shows it. */
const STATES = {
  normal: 'normal',
  flood: 'flood',
  empty: 'nothing',
  stale: 'lateSources',
  disconnected: 'gone',
};

const { values, positionals } = parseArgs({
  options: { out: { type: 'string', default: join(projectRoot, 'docs/screens/scenes') } },
  allowPositionals: true,
});
const out = resolve(values.out);
const run = promisify(execFile);
mkdirSync(out, { recursive: true });

/** A small picture of the page. @param {import('@playwright/test').Page} page @param {string} file */
async function take(page, file) {
  const whole = join(folder, 'whole.png');
  await page.screenshot({ path: whole });
  await run('convert', [whole, '-quality', String(QUALITY), file]);
  return statSync(file).size;
}

const folder = mkdtempSync(join(tmpdir(), 'taibai-stories-'));
const config = {
  configFile: join(projectRoot, 'test/visual/storiesConfig.ts'),
  build: { outDir: folder },
};
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium' });
/** @type {import('vite').PreviewServer | undefined} */
let server;
let total = 0;
try {
  await build(config);
  server = await preview({ ...config, preview: { host: '127.0.0.1', port: 0 } });
  const origin = server.resolvedUrls?.local[0] ?? '';
  for (const { width, height, pictured } of SIZES) {
    const viewport = { width, height };
    for (const [state, story] of Object.entries(STATES)) {
      const page = await browser.newPage({
        viewport,
        deviceScaleFactor: pictured / width, // the layout is the wall's; only the picture is small
        locale: 'zh-CN',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
      });
      await page.goto(`${origin}stories.html?story=${story}&lang=zh-CN&motion=reduce`);
      await page.locator('[data-testid=wall]').waitFor();
      const known = /** @type {string[]} */ (await page.evaluate('sceneIds()'));
      const row = page.locator('[data-testid=overdue-row][data-ticket-id]').first();
      const ticketId = (await row.count()) === 0 ? 'none' : await row.getAttribute('data-ticket-id');
      for (const scene of known) {
        if (positionals.length > 0 && !positionals.includes(scene)) continue;
        await page.evaluate(`showScene(${JSON.stringify(scene === 'ticket' ? `ticket:${ticketId}` : scene)})`);
        await page.evaluate('document.fonts.ready.then(chartsPainted)');
        const name = `${scene}-${state}-${width}x${height}.webp`;
        const size = await take(page, join(out, name));
        total += size;
        console.log(`${name} ${Math.round(size / 1024)} kB`);
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${Math.round(total / 1024)} kB together`);
