import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { askAhead } from '../../renderer/live/liveSocket.ts';
import { folderForTest } from '../support/faultyServer.ts';
import { freePort } from '../support/freePort.ts';
import { openRendererWall } from '../support/rendererWall.ts';
import { startServer } from '../support/startServer.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** More than go in one part. */
const TICKETS = 600;
const ORIGIN = { sourceId: 'memory', kind: 'demo' } as const;

test('W43 a wall that comes back by snapshot keeps nothing of the boards of before', async () => {
  const directory = folderForTest();
  const port = await freePort();
  let server = await startServer({ directory, port });
  const gridId = server.deployment.grids[0]?.id as string;
  const reports = Array.from({ length: TICKETS }, (_, i) => ({
    id: `T-${i}`,
    source: '12345',
    category: 'litter',
    title: '巡检上报',
    location: { gridId },
  }));
  await Promise.all(reports.map((report) => server.app.ingest.reportChecked(ORIGIN, report)));
  const { token } = await server.makeClient('wall');
  // As a page begins: it asks before there is anything to show the answer
  const wall = openRendererWall(server.url, token, (socket) => askAhead(socket, [{ width: 1, height: 1, scale: 1 }]));
  const left: WeakRef<object>[] = [];
  const leave = () => {
    const { board, arrivals } = wall.snapshot() ?? expect.fail('there is no board');
    expect(board.tickets.size).toBe(TICKETS);
    left.push(...[board, arrivals, ...board.tickets.values()].map((held) => new WeakRef<object>(held)));
  };
  try {
    for (let restart = 0; restart < 2; restart += 1) {
      await wall.reached(server.store.epoch, server.store.seq);
      leave();
      await server.close();
      server = await startServer({ directory, port });
    }
    await wall.reached(server.store.epoch, server.store.seq);
    expect(wall.tickets()).toHaveLength(TICKETS);
    collectGarbage();
    expect(left).toHaveLength(2 * (TICKETS + 2));
    expect(left.filter((held) => held.deref() !== undefined)).toHaveLength(0);
  } finally {
    wall.close();
  }
  await server.close();
});
