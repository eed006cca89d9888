import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { bundledNode } from '../../childProcesses.mjs';
import { projectRoot } from '../../electron.mjs';
import { withBrowser } from '../browser.ts';
import { type Bench, check, type Measurement, median, spread } from '../figures.ts';
import { forked } from '../forked.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The server as it was built, with the board of `directory`; gives the address of its wall. */
async function startBuilt(directory: string): Promise<{ readonly child: ChildProcess; readonly wallUrl: string }> {
  const port = String(await freePort());
  const child = fork(
    join(projectRoot, 'out/server/index.js'),
    ['--port', port, '--data', directory, '--source', 'none'],
    {
      execPath: bundledNode(),
      execArgv: [],
      env: { ...process.env, WALL_ADMIN_PASSWORD: 'only for this measurement' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const [ready] = (await once(child, 'message')) as [{ wallUrl: string }];
  return { child, wallUrl: ready.wallUrl };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

export async function start(bench: Bench): Promise<Measurement> {
  const directory = bench.folder();
  const filler = await forked('recovery.ts');
  await filler.ask('write', { directory: join(directory, 'data'), events: 1000, snapshotAt: null });
  await filler.end();
  const wallMs: number[] = [];
  const anchorMs: number[] = [];
  await withBrowser(async (browser) => {
    for (let round = -1; round < bench.effort.pick(7, 4); round += 1) {
      let startedAt = performance.now();
      const { child, wallUrl } = await startBuilt(join(directory, 'data'));
      const page = await browser.open(wallUrl);
      await page.page.evaluate(() =>
        window.bench.when(() => document.querySelector('[data-testid=stream-row]') !== null),
      );
      if (round >= 0) wallMs.push(performance.now() - startedAt);
      await page.close();
      await end(child);

      startedAt = performance.now();
      const twin = await forked('twin.ts');
      const { port } = await twin.ask<{ port: number }>('where');
      const anchor = await browser.open(`http://127.0.0.1:${port}/`);
      await anchor.page.evaluate(() =>
        window.bench.when(() => document.getElementById('text')?.textContent === 'first data'),
      );
      if (round >= 0) anchorMs.push(performance.now() - startedAt);
      await anchor.close();
      await twin.end();
    }
  });
  return {
    name: 'server start to first data in the page, against a page that does nothing else',
    goal: 12,
    method:
      'the built server on a folder of 1,000 events, its wall opened as soon as it says that it is ready, in a Chromium that runs already, until the first row; the anchor: a bare http and ws server and a page of one text node; by turns',
    checks: [check('median', median(wallMs) / median(anchorMs), 1.7)],
    figures: { wallMs: spread(wallMs), anchorMs: spread(anchorMs) },
  };
}
