import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { copyBuilt } from '../support/builtCopy.ts';
import { startBuiltServer } from '../support/builtServer.ts';
import { noteSeconds } from '../support/liveWall.ts';

test('a wall in a browser loads the page that an upgraded server brings', async ({ page }) => {
  const copy = copyBuilt();
  const server = await startBuiltServer({ entry: copy.entry });
  try {
    await page.goto(`${server.url}/wall#token=${await server.wallToken()}`);
    await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
    // While a page is being replaced by the next it has no script, and nobody to ask
    const script = () =>
      page.evaluate(() => document.querySelector('script[type=module]')?.getAttribute('src') ?? '').catch(() => '');
    const before = await script();

    // The same server, started again over a page whose script has another name
    await server.end('SIGTERM');
    const pages = copy.pagesFolder;
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
    copy.remove();
  }
});
