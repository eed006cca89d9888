import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { bundledNode } from '../../childProcesses.mjs';
import { projectRoot } from '../../electron.mjs';
import { type BenchBrowser, withBrowser } from '../browser.ts';
import { type Bench, check, type Measurement, median, rounded, spread } from '../figures.ts';
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

/**
 * A page that does nothing else: it speaks just enough of Socket.IO's protocol, by hand, to ask for the board, and holds
 * one text node.
 */
const BARE_PAGE = `<!doctype html><meta charset="utf-8"><title>bare</title><p id="text">waiting</p><script>
const text = document.getElementById('text').firstChild;
const token = location.hash.slice('#token='.length);
const socket = new WebSocket('ws://' + location.host + '/socket.io/?EIO=4&transport=websocket');
socket.onmessage = ({ data }) => {
  if (data.startsWith('0')) socket.send('40/wall,' + JSON.stringify({ token }));
  else if (data === '2') socket.send('3');
  else if (data.startsWith('40/wall,')) socket.send('42/wall,0["board:subscribe",{"protocol":1,"packed":true}]');
  else if (data.startsWith('43/wall,0')) {
    const [answer] = JSON.parse(data.slice('43/wall,0'.length));
    text.data = answer.ok && answer.board.tickets.length + (answer.board.parts ?? 0) > 0 ? 'first data' : 'no data';
  }
};
</script>`;

/** Ms from the start of a server, told by `begin` with the address of its page, until the page shows its first data. */
async function timed(
  browser: BenchBrowser,
  begin: () => Promise<{ readonly url: string; readonly end: () => Promise<void> }>,
  selector: string,
  html?: string,
): Promise<number> {
  const startedAt = performance.now();
  const { url, end } = await begin();
  const page = await browser.open(url, undefined, html);
  await page.page.evaluate(
    (wanted) =>
      window.bench.when(() => {
        const found = document.querySelector(wanted);
        return found !== null && (found.id !== 'text' || found.textContent === 'first data');
      }),
    selector,
  );
  const tookMs = performance.now() - startedAt;
  await page.close();
  await end();
  return tookMs;
}

export async function start(bench: Bench): Promise<Measurement> {
  const directory = bench.folder();
  const filler = await forked('recovery.ts');
  await filler.ask('write', { directory: join(directory, 'data'), events: 1000, snapshotAt: null });
  await filler.end();
  const built = async () => {
    const { child, wallUrl } = await startBuilt(join(directory, 'data'));
    return { url: wallUrl, end: () => end(child) };
  };
  const bare = async () => {
    const twin = await forked('twin.ts');
    const { port } = await twin.ask<{ port: number }>('where');
    return { url: `http://127.0.0.1:${port}/`, end: () => twin.end() };
  };
  const wallMs: number[] = [];
  const barePageMs: number[] = [];
  const bareServerMs: number[] = [];
  await withBrowser(async (browser) => {
    for (let round = -1; round < bench.effort.pick(15, 5); round += 1) {
      const wall = await timed(browser, built, '[data-testid=stream-row]');
      const barePage = await timed(browser, built, '#text', BARE_PAGE);
      const bareServer = await timed(browser, bare, '#text');
      if (round < 0) continue;
      wallMs.push(wall);
      barePageMs.push(barePage);
      bareServerMs.push(bareServer);
    }
  });
  return {
    name: 'server start to first data in the page, against a page that does nothing else',
    goal: 12,
    method:
      'the built server on a folder of 1,000 events, its wall opened as soon as it says that it is ready, in a Chromium that runs already, until the first row; the anchor: the same server and a page of one text node that asks for the same board over a bare WebSocket; told beside it: a bare http and ws server with such a page; by turns',
    checks: [check('median', median(wallMs) / median(barePageMs), 1.7)],
    figures: {
      wallMs: spread(wallMs),
      anchorMs: spread(barePageMs),
      bareServerMs: spread(bareServerMs),
      againstBareServer: rounded(median(wallMs) / median(bareServerMs)),
    },
  };
}
