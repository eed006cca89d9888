import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { projectRoot } from '../../tools/electron.mjs';
import { startBuiltServer } from '../support/builtServer.ts';
import { noteSeconds } from '../support/liveWall.ts';

test('a wall in a browser loads the page that an upgraded server brings', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'taibai-upgrade-'));
  for (const part of ['server', 'deployments', 'docs', 'renderer']) {
    cpSync(join(projectRoot, 'out', part), join(folder, 'out', part), { recursive: true });
  }
  cpSync(join(projectRoot, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const server = await startBuiltServer({ entry: join(folder, 'out/server/index.js') });
  try {
    await page.goto(`${server.url}/wall#token=${await server.wallToken()}`);
    await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
    // While a page is being replaced by the next it has no script, and nobody to ask
    const script = () =>
      page.evaluate(() => document.querySelector('script[type=module]')?.getAttribute('src') ?? '').catch(() => '');
    const before = await script();

    // The same server, started again over a page whose script has another name
    await server.end('SIGTERM');
    const pages = join(folder, 'out/renderer');
    const name = before.replace(/^.*\//, '');
    renameSync(join(pages, 'assets', name), join(pages, 'assets', `newer-${name}`));
    for (const file of readdirSync(pages).filter((entry) => entry.endsWith('.html'))) {
      const html = readFileSync(join(pages, file), 'utf8');
      writeFileSync(join(pages, file), html.replaceAll(`assets/${name}`, `assets/newer-${name}`));
    }
    await server.start();
    const sinceMs = performance.now();
    await expect.poll(script).toBe(before.replace(name, `newer-${name}`));
    await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
    noteSeconds(sinceMs);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
