import { describe, expect, it } from 'vitest';
import { evolveTicket } from '../../domain/wallState.ts';
import { encodeInstants, formatInstant } from '../../protocol/instants.ts';
import type { Encoded, SubscribeRequest, WallReport } from '../../protocol/wire.ts';
import { createWallClock } from '../../renderer/live/clock.ts';
import { ANSWER_WITHIN_MS, connect, DEAD_AFTER_MS } from '../../renderer/live/connection.ts';
import type { LiveSocket } from '../../renderer/live/liveSocket.ts';
import { createWallStore, STALE_AFTER_MS } from '../../renderer/live/wallStore.ts';
import { FIXTURE_NOW } from '../support/boardFixture.ts';
import { handFrames } from './frames.ts';
import { emptySnapshot, reported } from './wallMessages.ts';

const utc = () => 0;
const ticketOf = (id: string) => evolveTicket(undefined, reported(id));
const encode = (value: object): unknown => encodeInstants(value, utc);

/** The server's end of one socket, worked by hand. */
function handSocket() {
  const listeners = new Map<string, (value: unknown) => void>();
  const asked: { request: Encoded<SubscribeRequest>; answer: (answer: unknown) => void }[] = [];
  const reports: WallReport[] = [];
  const calls: string[] = [];
  let retry: (attempt: number) => void = () => {};
  const socket: LiveSocket = {
    on: (event, listener) => listeners.set(event, listener as (value: unknown) => void),
    emit: (_, request, answer) => asked.push({ request, answer }),
    volatile: { emit: (_, report) => reports.push(report) },
    connect: () => calls.push('connect'),
    disconnect: () => calls.push('disconnect'),
    io: {
      on: (_, listener) => {
        retry = listener;
      },
    },
  };
  return {
    socket,
    asked,
    reports,
    calls,
    say: (event: string, value?: unknown) => listeners.get(event)?.(value),
    retry: (attempt: number) => retry(attempt),
    answer: (value: object) => asked.at(-1)?.answer(encode(value)),
  };
}

function wall() {
  const real = { ms: 0 };
  const monotonicNow = () => real.ms;
  const server = handSocket();
  const clock = createWallClock(monotonicNow);
  const frames = handFrames();
  const store = createWallStore({ monotonicNow, requestFrame: frames.request });
  const reloads: true[] = [];
  const shows: unknown[] = [];
  const configured: unknown[] = [];
  let check = () => {};
  const connection = connect({
    socket: server.socket,
    store,
    clock,
    monotonicNow,
    screens: [{ width: 1920, height: 1080 }],
    everySecond: (run) => {
      check = run;
      return () => {};
    },
    onReload: () => reloads.push(true),
    onShow: (command) => shows.push(command),
    onConfigure: (config) => configured.push(config),
  });
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1000) {
      real.ms += 1000;
      check();
    }
  };
  const snapshot = emptySnapshot({ seq: 10 });
  const linked = () => {
    server.say('connect');
    server.answer(snapshot);
  };
  const frame = (fromSeq: number, ...ids: string[]) =>
    encode({
      epoch: 'e1',
      fromSeq,
      toSeq: fromSeq + ids.length - 1,
      at: FIXTURE_NOW,
      events: ids.map((id) => reported(id)),
    });
  const pulse = (seq: number, epoch = 'e1') =>
    encode({ epoch, seq, at: FIXTURE_NOW, clock: { mode: 'live', speed: 1 }, sources: [] });
  const repaint = () => frames.pass();
  return {
    real,
    server,
    clock,
    store,
    connection,
    reloads,
    shows,
    configured,
    pass,
    repaint,
    snapshot,
    linked,
    frame,
    pulse,
  };
}

describe('the connection', () => {
  it('subscribes afresh, and is live with the first snapshot', () => {
    const { server, store, connection, clock, linked } = wall();
    expect(connection.state()).toMatchObject({ kind: 'linked', feed: 'offline' });
    linked();
    expect(server.asked[0]?.request).toEqual({
      protocol: 1,
      packed: true,
      screens: [{ width: 1920, height: 1080 }],
    });
    expect(connection.state()).toMatchObject({ kind: 'linked', feed: 'live' });
    expect(store.snapshot()?.seq).toBe(10);
    expect(clock.now()).toBe(FIXTURE_NOW);
  });

  it('W43 takes up a board that came in parts, and none of which one is missing', () => {
    const parts = [['T-1', 'T-2'], ['T-3']].map((ids) => encode({ tickets: ids.map((id) => ticketOf(id)) }));
    const whole = wall();
    whole.server.say('connect');
    for (const part of parts) whole.server.say('board:part', part);
    whole.server.answer({ ...whole.snapshot, board: { ...whole.snapshot.board, parts: 2 } });
    expect([...(whole.store.snapshot()?.board.tickets.keys() ?? [])]).toEqual(['T-1', 'T-2', 'T-3']);
    const cut = wall();
    cut.server.say('connect');
    cut.server.say('board:part', parts[0]);
    cut.server.answer({ ...cut.snapshot, board: { ...cut.snapshot.board, parts: 2 } });
    expect(cut.connection.state()).toMatchObject({ kind: 'refused', reason: 'incompatible' });
    expect(cut.store.snapshot()).toBeUndefined();
  });

  it('W43 forgets the parts of an answer that a cut kept from coming', () => {
    const { server, store, linked } = wall();
    server.say('connect');
    server.say('board:part', encode({ tickets: [ticketOf('T-1')] }));
    server.say('disconnect', 'transport close');
    linked();
    expect(store.snapshot()?.board.tickets.size).toBe(0);
  });

  it('applies frames in their order', () => {
    const { server, store, linked, frame } = wall();
    linked();
    server.say('board:events', frame(11, 'T-1', 'T-2'));
    server.say('board:events', frame(13, 'T-3'));
    expect(store.snapshot()?.seq).toBe(13);
    expect([...(store.snapshot()?.board.tickets.keys() ?? [])]).toEqual(['T-1', 'T-2', 'T-3']);
  });

  it('subscribes again from where it stands when a frame is missing, and drops what comes until the answer', () => {
    const { server, store, linked, frame, snapshot } = wall();
    linked();
    server.say('board:events', frame(13, 'T-3'));
    expect(server.asked[1]?.request).toMatchObject({ epoch: 'e1', seq: 10 });
    server.say('board:events', frame(14, 'T-4'));
    expect(server.asked).toHaveLength(2);
    const { history, clock } = snapshot;
    const events = ['T-1', 'T-2', 'T-3', 'T-4'].map((id) => reported(id));
    server.answer({
      ok: true,
      kind: 'events',
      epoch: 'e1',
      fromSeq: 11,
      toSeq: 14,
      at: FIXTURE_NOW,
      events,
      history,
      clock,
    });
    server.say('board:events', frame(15, 'T-5'));
    expect(store.snapshot()?.seq).toBe(15);
    expect(store.snapshot()?.board.tickets.size).toBe(5);
  });

  it('starts over from a snapshot when the events in the answer do not follow on', () => {
    const { server, store, linked, snapshot } = wall();
    linked();
    server.say('disconnect');
    server.say('connect');
    const { history, clock } = snapshot;
    server.answer({
      ok: true,
      kind: 'events',
      epoch: 'e1',
      fromSeq: 99,
      toSeq: 98,
      at: FIXTURE_NOW,
      events: [],
      history,
      clock,
    });
    // The outage is not over: the board that comes brings what was missed
    const sinceAt = '2026-03-18T07:42:08+00:00';
    expect(server.asked.at(-1)?.request).toEqual({
      protocol: 1,
      packed: true,
      gap: { sinceAt, knownAt: sinceAt },
      screens: [{ width: 1920, height: 1080 }],
    });
    server.answer({ ...emptySnapshot({ seq: 98 }), missed: { reported: 3, newlyOverdue: 2, acknowledged: 1 } });
    expect(store.snapshot()?.receipt?.missed).toMatchObject({ caughtUp: 3, newlyOverdue: 2, acknowledged: 1 });
    expect(store.snapshot()?.seq).toBe(98);
  });

  it('treats a frame that it cannot read as a gap, and starts over', () => {
    const { server, linked } = wall();
    linked();
    server.say('board:events', { epoch: 'e1', fromSeq: 11, toSeq: 11, at: 'yesterday', events: [] });
    expect(server.asked).toHaveLength(2);
    expect(server.asked[1]?.request.seq).toBe(undefined);
  });

  it('notices a frame that never came by the pulses that are ahead of it', () => {
    const { server, linked, pulse } = wall();
    linked();
    server.say('board:pulse', pulse(12));
    expect(server.asked).toHaveLength(1);
    server.say('board:pulse', pulse(12));
    expect(server.asked[1]?.request).toMatchObject({ epoch: 'e1', seq: 10 });
  });

  it('subscribes again when the pulse is of another epoch', () => {
    const { server, linked, pulse } = wall();
    linked();
    server.say('board:pulse', pulse(3, 'e2'));
    expect(server.asked).toHaveLength(2);
  });

  it('is stale without pulses, live with the next, and makes a dead socket anew', () => {
    const { server, connection, linked, pulse, pass } = wall();
    linked();
    pass(STALE_AFTER_MS);
    expect(connection.state()).toMatchObject({ feed: 'live' });
    pass(1000);
    expect(connection.state()).toMatchObject({ feed: 'stale' });
    server.say('board:pulse', pulse(10));
    expect(connection.state()).toMatchObject({ feed: 'live', lostForMs: 0 });
    pass(DEAD_AFTER_MS + 1000);
    expect(server.calls).toEqual(['connect', 'disconnect', 'connect']);
    expect(connection.state()).toMatchObject({ feed: 'offline' });
  });

  it('leaves a receipt of a silence too, though the socket held', () => {
    const { server, store, linked, pass, frame, pulse } = wall();
    linked();
    pass(STALE_AFTER_MS);
    server.say('board:pulse', pulse(10));
    expect(store.snapshot()?.receipt).toBe(null);
    pass(8000);
    server.say('board:events', frame(11, 'T-1'));
    server.say('board:pulse', pulse(11));
    expect(store.snapshot()?.receipt).toMatchObject({ gapMs: 8000, missed: { caughtUp: 1 } });
  });

  it('gives a new socket its full time for the first answer, however long the old one was gone', () => {
    const { server, connection, linked, pass, repaint, snapshot } = wall();
    linked();
    server.say('disconnect');
    pass(60_000);
    server.say('connect');
    pass(ANSWER_WITHIN_MS);
    expect(server.calls).toEqual(['connect']);
    server.answer(snapshot);
    repaint();
    expect(connection.state()).toMatchObject({ feed: 'live' });
  });

  it('makes a socket anew that never answers', () => {
    const { server, pass } = wall();
    server.say('connect');
    pass(ANSWER_WITHIN_MS + 1000);
    expect(server.calls).toEqual(['connect', 'disconnect', 'connect']);
  });

  it('counts from the last word it heard while it is cut off, resumes, and leaves a receipt', () => {
    const { server, store, connection, linked, pass, snapshot } = wall();
    linked();
    server.say('disconnect');
    server.retry(3);
    pass(8000);
    expect(connection.state()).toEqual({ kind: 'linked', feed: 'offline', retries: 3, lostForMs: 8000 });
    expect(store.snapshot()?.board).toBeDefined();
    server.say('connect');
    expect(server.asked[1]?.request).toMatchObject({ epoch: 'e1', seq: 10 });
    const { history, clock } = snapshot;
    const at = FIXTURE_NOW + 8000;
    server.answer({
      ok: true,
      kind: 'events',
      epoch: 'e1',
      fromSeq: 11,
      toSeq: 11,
      at,
      events: [reported('T-1')],
      history,
      clock,
    });
    expect(connection.state()).toMatchObject({ feed: 'live', retries: 0 });
    expect(store.snapshot()?.receipt).toMatchObject({ gapMs: 8000, missed: { caughtUp: 1 } });
  });

  it.each([
    [{ ok: false, reason: 'incompatible' }, 'incompatible'],
    [{ ok: false, reason: 'unauthorized' }, 'unauthorized'],
    [{ some: 'nonsense' }, 'incompatible'],
  ])('gives up on %j', (answer, reason) => {
    const { server, connection } = wall();
    server.say('connect');
    server.answer(answer);
    expect(connection.state()).toEqual({ kind: 'refused', reason });
    expect(server.calls).toEqual(['connect', 'disconnect']);
  });

  it('names the version of a server that it does not fit, where that tells it', () => {
    const { server, connection } = wall();
    server.say('connect');
    server.answer({ ok: false, reason: 'incompatible', version: '9.8.7' });
    expect(connection.state()).toEqual({ kind: 'refused', reason: 'incompatible', version: '9.8.7' });
  });

  it('gives up on a refused handshake, but not on a server that is away', () => {
    const { server, connection } = wall();
    server.say('connect_error', new Error('websocket error'));
    expect(connection.state()).toMatchObject({ kind: 'linked', feed: 'offline' });
    server.say('connect_error', new Error('unauthorized'));
    expect(connection.state()).toEqual({ kind: 'refused', reason: 'unauthorized' });
  });

  it('renews the history and reloads on command, and heeds no nonsense', () => {
    const { server, store, linked, snapshot, reloads, shows } = wall();
    linked();
    const yesterday = { reported: [1, 2], closed: [0, 1] };
    server.say('board:history', encode({ ...snapshot.history, yesterday }));
    expect(store.snapshot()?.history.yesterday).toEqual(yesterday);
    server.say('board:history', { dayStartAt: formatInstant(FIXTURE_NOW, utc) });
    expect(store.snapshot()?.history.yesterday).toEqual(yesterday);
    server.say('wall:command', { kind: 'dance' });
    server.say('wall:command', { kind: 'reload' });
    expect(reloads).toHaveLength(1);
    const show = { kind: 'show', scene: 'grid:xuzhuang', spotlight: { ticketId: 'T-1', leftMs: 30_000 } };
    server.say('wall:command', show);
    server.say('wall:command', { ...show, spotlight: 'T-1' });
    expect(shows).toEqual([show]);
  });

  it('hands on what the server configures, if all of it is what a server may', () => {
    const { server, linked, configured } = wall();
    linked();
    const config = { volume: 0.5, night: { from: '22:00', until: '06:30' }, mode: 'span' };
    server.say('wall:command', { kind: 'configure', config });
    server.say('wall:command', { kind: 'configure', config: { ...config, serverUrl: 'http://evil.example' } });
    server.say('wall:command', { kind: 'configure', config: { volume: 7 } });
    server.say('wall:command', { kind: 'configure' });
    expect(configured).toEqual([config]);
  });

  it('reports on its machine only while it is subscribed', () => {
    const { server, linked, connection } = wall();
    const report = { cpuPercent: 12.5, memoryMb: 412, frameMs: 16.7, version: '1.2.3' };
    connection.report(report);
    linked();
    connection.report(report);
    server.say('disconnect', 'transport close');
    connection.report(report);
    expect(server.reports).toEqual([report]);
  });

  it('says of a board that was kept for how long it has been cut off', () => {
    const { store, snapshot, pass, connection, linked } = wall();
    store.restore(snapshot, [], 43_200_000);
    pass(2000);
    expect(connection.state()).toMatchObject({ feed: 'offline', lostForMs: 43_202_000 });
    linked();
    expect(connection.state()).toMatchObject({ feed: 'live', lostForMs: 0 });
    expect(store.snapshot()?.receipt?.gapMs).toBe(43_202_000);
  });
});
