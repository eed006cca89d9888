import { expect, test } from 'vitest';
import { at, MINUTE } from '../support/domainBuilders.ts';
import { gatedDisk, openStore, temporaryFolder } from '../support/openStore.ts';
import { randomReport, randomStep, TWO_STREETS } from '../support/randomHistory.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { startHub, type TestWall } from '../support/wallHub.ts';

async function caughtUp(wall: TestWall, seq: number): Promise<void> {
  await expect.poll(() => wall.seq, { interval: 5, timeout: 5000 }).toBe(seq);
}

test('W12 the first answer is a snapshot, then events follow without a gap', async () => {
  const hub = await startHub();
  await hub.report({ id: 'A' });
  const wall = await hub.connect();
  const answer = await wall.subscribe();
  expect(answer).toMatchObject({
    ok: true,
    kind: 'snapshot',
    epoch: hub.store.epoch,
    seq: 1,
    at: at('12:00'),
    clock: { mode: 'live', speed: 'max' },
    board: { deployment: { id: 'small', timeZone: 'Asia/Shanghai' } },
  });
  await hub.report({ id: 'B' });
  await hub.step('A', { step: 'handle', at: at('10:11'), by: '钱一' });
  await hub.step('A', { step: 'verify', at: at('10:14'), by: '孙二' });
  await caughtUp(wall, hub.store.seq);
  expect(wall.gaps).toBe(0);
  expect(wall.tickets()).toEqual(hub.expectedBoard());
});

test('W42 a wall that asks for rows gets the same board, others get objects', async () => {
  const hub = await startHub();
  await hub.report({ id: 'A' });
  await hub.report({ id: 'B', location: { address: '车站西路 18 号院', lng: 116.587, lat: 35.414 } });
  await hub.step('A', { step: 'handle', at: at('10:11'), by: '钱一' });
  const wall = await hub.connect();
  const raw = (request: object) =>
    new Promise<{ board: { tickets: unknown[] } }>((resolve) => {
      wall.socket.emit('board:subscribe', { protocol: 1, ...request }, resolve);
    });
  expect((await raw({})).board.tickets).toEqual([
    expect.objectContaining({ id: 'A' }),
    expect.objectContaining({ id: 'B' }),
  ]);
  const rows = await raw({ packed: true });
  expect(rows.board.tickets.every(Array.isArray)).toBe(true);
  // The same at any time, so that they can be written before anybody asks
  hub.clock.advance(MINUTE);
  expect((await raw({ packed: true })).board.tickets).toEqual(rows.board.tickets);
  const answer = await wall.ask({ protocol: 1, packed: true });
  expect(answer).toMatchObject({ ok: true, kind: 'snapshot', board: { tickets: hub.expectedBoard() } });
  expect(wall.tickets()).toEqual(hub.expectedBoard());
});

test('W43 to whoever asks for rows a larger board comes in parts ahead of its answer', async () => {
  const hub = await startHub({ limits: { partTickets: 2 } });
  for (const id of ['A', 'B']) await hub.report({ id });
  const wall = await hub.connect();
  const parts: { packing?: object; tickets: unknown[] }[] = [];
  // As it came: whoever reads it takes it apart
  wall.socket.prependAny((event, part) => void (event === 'board:part' && parts.push(structuredClone(part))));
  const few = await new Promise<{ board: { tickets: unknown[] } }>((resolve) => {
    wall.socket.emit('board:subscribe', { protocol: 1, packed: true }, resolve);
  });
  expect([few.board.tickets.length, parts.length]).toEqual([2, 0]);
  await hub.report({ id: 'C', title: '请回电 13812345678' });
  for (const id of ['D', 'E']) await hub.report({ id });
  await wall.ask({ protocol: 1 });
  expect(parts).toEqual([]);
  const answer = await wall.ask({ protocol: 1, packed: true });
  expect(parts.map(({ tickets }) => tickets.length)).toEqual([2, 2, 1]);
  expect(parts.map(({ packing }) => packing !== undefined)).toEqual([true, false, false]);
  expect(JSON.stringify(parts)).toContain('请回电');
  expect(JSON.stringify(parts)).not.toContain('13812345678');
  expect(answer).toMatchObject({ kind: 'snapshot', board: { tickets: hub.expectedBoard() } });
  await hub.report({ id: 'F' });
  await expect.poll(() => wall.tickets()).toEqual(hub.expectedBoard());
  expect(wall.gaps).toBe(0);
});

test('W20 nothing is sent before it is durable', async () => {
  const disk = gatedDisk();
  const opened = await openStore(await temporaryFolder(), { disk });
  const heard: number[] = [];
  opened.store.onCommit(({ toSeq }) => heard.push(toSeq));
  disk.close();
  const answer = opened.report();
  await disk.reached();
  expect(heard).toEqual([]);
  disk.open();
  await answer;
  expect(heard).toEqual([1]);
  await opened.store.close();
});

test('W13 a wall that missed little gets the events, one that missed much, or stands elsewhere, a snapshot', async () => {
  const hub = await startHub({ limits: { resumeEvents: 5, keptEvents: 5 } });
  await Promise.all(Array.from({ length: 20 }, (_, i) => hub.report({ id: `T-${i}` })));
  const { epoch } = hub.store;
  const wall = await hub.connect();
  const kindOf = async (request: object) => {
    const answer = await wall.ask({ protocol: 1, ...request });
    return answer.ok ? answer.kind : answer.reason;
  };
  expect(await kindOf({ epoch, seq: 20 })).toBe('events');
  expect(await wall.ask({ protocol: 1, epoch, seq: 15 })).toMatchObject({ kind: 'events', fromSeq: 16, toSeq: 20 });
  expect(await kindOf({ epoch, seq: 14 })).toBe('snapshot');
  expect(await kindOf({ epoch, seq: 0 })).toBe('snapshot');
  expect(await kindOf({ epoch, seq: 21 })).toBe('snapshot');
  expect(await kindOf({ epoch: 'another', seq: 20 })).toBe('snapshot');
  expect(await kindOf({})).toBe('snapshot');
});

test('W3 W10 W11 refusals', async () => {
  const hub = await startHub();
  const wall = await hub.connect();
  expect(await wall.ask({ protocol: 2 })).toEqual({ ok: false, reason: 'incompatible' });
  expect(await wall.ask({ protocol: 1, seq: 3 })).toEqual({ ok: false, reason: 'malformed' });
  expect(await wall.ask('hello')).toEqual({ ok: false, reason: 'malformed' });
  const source = await hub.connect({ kind: 'source' });
  expect(await source.ask({ protocol: 1 })).toEqual({ ok: false, reason: 'unauthorized' });
});

test('W2 a request without a callback is ignored', async () => {
  const hub = await startHub();
  const wall = await hub.connect();
  wall.socket.emit('board:subscribe', { protocol: 1 });
  wall.socket.emit('board:subscribe');
  expect(await wall.subscribe()).toMatchObject({ ok: true, kind: 'snapshot' });
});

test('W14 the requests of one connection are answered in order; a flood ends it', async () => {
  const hub = await startHub();
  await hub.report();
  const wall = await hub.connect();
  const answers: string[] = [];
  await Promise.all(
    ['first', 'second', 'third'].map((which) => wall.ask({ protocol: 1 }).then(() => answers.push(which))),
  );
  expect(answers).toEqual(['first', 'second', 'third']);
  const gone = new Promise((resolve) => wall.socket.once('disconnect', resolve));
  for (let i = 0; i < 200; i += 1) wall.socket.emit('board:subscribe', { protocol: 1 }, () => {});
  await gone;
  expect(hub.warnings).toContainEqual(expect.objectContaining({ reason: 'tooManyRequests' }));
});

test('W21 a wall that subscribes while events pour in gets exactly the next event after its snapshot', async () => {
  const hub = await startHub();
  let next = 0;
  let pouring = true;
  async function pour(): Promise<void> {
    while (pouring) {
      next += 1;
      await hub.report({ id: `T-${next}` });
    }
  }
  const pourers = Array.from({ length: 8 }, pour);
  const walls: TestWall[] = [];
  for (let i = 0; i < 12; i += 1) {
    const wall = await hub.connect({ clientId: `w${i}` });
    await wall.subscribe();
    if (i % 3 === 0) await wall.subscribe();
    walls.push(wall);
  }
  pouring = false;
  await Promise.all(pourers);
  for (const wall of walls) {
    await caughtUp(wall, hub.store.seq);
    expect(wall.gaps).toBe(0);
    expect(wall.tickets()).toEqual(hub.expectedBoard());
  }
});

test('W22 W33 a street’s wall counts what it does not get', async () => {
  const hub = await startHub({ deployment: TWO_STREETS });
  const wall = await hub.connect({ scope: 's1' });
  await wall.subscribe();
  await hub.report({ id: 'theirs', location: { gridId: 'g3' } });
  await hub.report({ id: 'ours', location: { gridId: 'g1' } });
  await hub.report({ id: 'nowhere', location: {} });
  await hub.step('theirs', { step: 'handle', at: at('10:30'), by: '钱一' });
  await caughtUp(wall, hub.store.seq);
  expect(wall.gaps).toBe(0);
  expect(wall.tickets().map((ticket) => ticket.id)).toEqual(['ours']);
  expect(JSON.stringify(wall.frames)).not.toContain('theirs');
  expect(wall.tickets()).toEqual(hub.expectedBoard('s1'));
});

test('W24 the first event of a quiet moment goes at once, the rest together', async () => {
  const hub = await startHub();
  const wall = await hub.connect();
  await wall.subscribe();
  const first = hub.report({ id: 'first' });
  await first;
  await Promise.all(Array.from({ length: 40 }, (_, i) => hub.report({ id: `A-${i}` })));
  await Promise.all(Array.from({ length: 40 }, (_, i) => hub.report({ id: `B-${i}` })));
  await caughtUp(wall, 81);
  expect(wall.frames[0]).toMatchObject({ fromSeq: 1, toSeq: 1 });
  expect(wall.frames.length).toBeLessThanOrEqual(5);
});

test('W24 a burst goes in frames of at most 500', async () => {
  const hub = await startHub({ limits: { keptEvents: 1000 } });
  const wall = await hub.connect();
  await wall.subscribe();
  await Promise.all(Array.from({ length: 3200 }, (_, i) => hub.report({ id: `T-${i}` })));
  await caughtUp(wall, 3200);
  expect(wall.gaps).toBe(0);
  expect(Math.max(...wall.frames.map((frame) => frame.toSeq - frame.fromSeq + 1))).toBeLessThanOrEqual(500);
  expect(wall.tickets()).toHaveLength(3200);
});

test('W25 the pulse counts only what was sent before it', async () => {
  const hub = await startHub({ limits: { pulseMs: 20 } });
  const wall = await hub.connect();
  await wall.subscribe();
  const late: string[] = [];
  wall.socket.on('board:pulse', ({ seq }: { seq: number }) => {
    if (seq !== wall.seq) late.push(`${seq} against ${wall.seq}`);
  });
  for (let i = 0; i < 60; i += 1) await hub.report({ id: `T-${i}` });
  await expect.poll(() => wall.pulses.at(-1)?.seq).toBe(60);
  expect(late).toEqual([]);
  expect(wall.pulses.at(-1)).toEqual({
    epoch: hub.store.epoch,
    seq: 60,
    at: at('12:00'),
    clock: { mode: 'live', speed: 'max' },
    sources: [{ id: '网格员', kind: 'demo', state: 'live', lastEventAt: null, ageMs: null }],
  });
});

test('W25 a pulse sends nothing ahead of its frame', async () => {
  const hub = await startHub({ limits: { pulseMs: 20, frameMs: 2000 } });
  const wall = await hub.connect();
  await wall.subscribe();
  await hub.report({ id: 'first' });
  await caughtUp(wall, 1);
  await hub.report({ id: 'second' });
  const before = wall.pulses.length;
  await expect.poll(() => wall.pulses.length).toBeGreaterThan(before + 2);
  expect(wall.pulses.slice(before).map(({ seq }) => seq)).toEqual(wall.pulses.slice(before).map(() => 1));
  expect(wall.frames).toHaveLength(1);
});

test('W26 a wall that never reads is cut off, the others are not', async () => {
  const hub = await startHub({ limits: { pulseMs: 20, maxBufferedBytes: 1_000_000 } });
  const reading = await hub.connect({ clientId: 'reading' });
  await reading.subscribe();
  const deaf = await hub.connect({ clientId: 'deaf' });
  await deaf.subscribe();
  const transport = deaf.socket.io.engine.transport as unknown as {
    ws: { _socket?: { pause(): void }; pause?(): void };
  };
  const gone = new Promise((resolve) => deaf.socket.once('disconnect', resolve));
  (transport.ws._socket ?? transport.ws).pause?.();
  const title = '很长的标题'.repeat(40);
  let next = 0;
  while (hub.warnings.length === 0 && next < 60_000) {
    await Promise.all(
      Array.from({ length: 200 }, () => {
        next += 1;
        return hub.report({ id: `T-${next}`, title });
      }),
    );
  }
  expect(hub.warnings).toEqual([expect.objectContaining({ clientId: 'deaf', reason: 'tooSlow' })]);
  await caughtUp(reading, hub.store.seq);
  expect(reading.gaps).toBe(0);
  (transport.ws._socket as unknown as { resume?(): void } | undefined)?.resume?.();
  await gone;
});

test('W61 history that was prepared before anybody asked is not told when events have come since', async () => {
  const hub = await startHub();
  const opened = async () => {
    const wall = await hub.connect();
    await wall.subscribe();
    return wall.histories[0]?.month.groups.map((group) => group.opened);
  };
  await hub.report({ id: 'A' });
  await hub.prepare();
  await hub.report({ id: 'B' });
  expect(await opened()).toEqual([2]);
  // From then on it is as old as for every other wall: renewed with the pulse, once a minute
  await hub.report({ id: 'C' });
  expect(await opened()).toEqual([2]);
});

test('W61 history that was prepared is the one the first wall gets', async () => {
  const hub = await startHub();
  await hub.report({ id: 'A' });
  await hub.prepare();
  const wall = await hub.connect();
  const answer = await wall.subscribe();
  expect(answer).toMatchObject({ ok: true, kind: 'snapshot', history: { month: { groups: [{ opened: 1 }] } } });
  expect(wall.tickets()).toEqual(hub.expectedBoard());
});

test('W61 history is sent again when it has changed', async () => {
  const hub = await startHub({ limits: { pulseMs: 10 } });
  const wall = await hub.connect();
  await wall.subscribe();
  const [first] = wall.histories;
  expect(first).toMatchObject({ dayStartAt: at('00:00'), yesterday: null, month: { groups: [] } });
  await hub.report({ id: 'A' });
  hub.clock.advance(2 * MINUTE);
  // Reckoning rests for ten times as long as it took, which is longer where other work goes on
  const patience = { timeout: 10_000 };
  await expect.poll(() => wall.histories.at(-1)?.month.groups, patience).toMatchObject([{ key: 'patrol', opened: 1 }]);
  hub.clock.advanceTo(at('00:00', 1));
  await expect.poll(() => wall.histories.at(-1)?.dayStartAt, patience).toBe(at('00:00', 1));
  const yesterday = wall.histories.at(-1)?.yesterday;
  expect(yesterday?.reported).toHaveLength(1440);
  expect(yesterday?.reported.flatMap((count, minute) => (count === 1 ? [minute] : []))).toEqual([10 * 60 + 6]);
});

async function converge(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const gridIds = TWO_STREETS.grids.map((grid) => grid.id);
  const hub = await startHub({ deployment: TWO_STREETS, limits: { resumeEvents: 40, keptEvents: 60, frameEvents: 7 } });
  const walls: { wall: TestWall; scope: string | undefined }[] = [];
  for (const scope of [undefined, undefined, 's1', 's2']) {
    const wall = await hub.connect(scope === undefined ? {} : { scope });
    await wall.subscribe();
    walls.push({ wall, scope });
  }
  const ids: string[] = [];
  for (let round = 0; round < 60; round += 1) {
    const work: Promise<unknown>[] = [];
    for (let i = random.below(12); i >= 0; i -= 1) {
      const name = `${round}-${i}`;
      if (ids.length === 0 || random.chance(0.4)) {
        const id = random.chance(0.1) && ids.length > 0 ? random.pick(ids) : `T-${name}`;
        ids.push(id);
        work.push(hub.report(randomReport(random, id, gridIds)));
      } else {
        work.push(hub.step(random.pick(ids), randomStep(random, `S-${name}`, ids)));
      }
    }
    if (random.chance(0.05)) {
      hub.clock.advance(49 * 60 * MINUTE);
      work.push(hub.store.archiveEnded());
    }
    const { wall } = random.pick(walls);
    const fate = random.below(10);
    if (!wall.socket.connected) {
      await wall.reconnect();
      work.push(wall.subscribe());
    } else if (fate < 3) {
      wall.socket.disconnect();
    } else if (fate < 6) {
      work.push(wall.subscribe());
    }
    if (random.chance(0.6)) await Promise.all(work);
  }
  await hub.report({ id: 'last', location: { gridId: 'g1' } });
  for (const { wall, scope } of walls) {
    if (!wall.socket.connected) {
      await wall.reconnect();
      await wall.subscribe();
    }
    await caughtUp(wall, hub.store.seq);
    expect(wall.tickets(), `seed ${seed}, scope ${scope}`).toEqual(hub.expectedBoard(scope));
    const fresh = await hub.connect(scope === undefined ? {} : { scope });
    await fresh.subscribe();
    expect(fresh.tickets(), `seed ${seed}, scope ${scope}, fresh`).toEqual(wall.tickets());
  }
}

test.each([1, 2, 3, 20260318])('W30 every wall equals its projection after cuts, seed %i', converge);
