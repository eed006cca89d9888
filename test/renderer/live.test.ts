import { describe, expect, it } from 'vitest';
import type { TicketReported } from '../../domain/events.ts';
import { createWallClock } from '../../renderer/live/clock.ts';
import { createFiguresFeed } from '../../renderer/live/figuresFeed.ts';
import { createFrameScheduler } from '../../renderer/live/frameScheduler.ts';
import { createWallStore, newestArrivals } from '../../renderer/live/wallStore.ts';
import { localDay } from '../../renderer/words/formats.ts';
import { boardFixture, FIXTURE_NOW } from '../support/boardFixture.ts';
import { smallDeployment } from '../support/domainBuilders.ts';
import { handFrames, handTimers } from './frames.ts';
import { emptySnapshot, reported } from './wallMessages.ts';

const LIVE = { mode: 'live', speed: 1 } as const;

describe('the clock', () => {
  function clockAt(ms = 0) {
    const real = { ms };
    return { real, clock: createWallClock(() => real.ms) };
  }

  it('says nothing before the server has told the time, and then runs on by itself', () => {
    const { real, clock } = clockAt();
    expect(clock.now()).toBe(undefined);
    clock.sync(1_000_000, LIVE);
    real.ms += 90_000;
    expect(clock.now()).toBe(1_090_000);
  });

  it('does not jump for the jitter of the network, but takes a real difference over', () => {
    const { real, clock } = clockAt();
    clock.sync(1_000_000, LIVE);
    real.ms += 1000;
    clock.sync(1_000_900, LIVE);
    expect(clock.now()).toBe(1_001_000);
    real.ms += 1000;
    clock.sync(1_010_000, LIVE);
    expect(clock.now()).toBe(1_010_000);
  });

  it('runs at the pace of a replay and stops where it ends', () => {
    const { real, clock } = clockAt();
    const replay = { mode: 'replay', speed: 3600 } as const;
    clock.sync(0, replay);
    real.ms += 1000;
    expect(clock.now()).toBe(3_600_000);
    expect(clock.pace()).toBe(3600);
    clock.sync(5_000_000, replay);
    clock.sync(5_000_000, replay);
    real.ms += 5000;
    expect(clock.now()).toBe(5_000_000);
  });

  it('only jumps when the server’s clock does', () => {
    const { real, clock } = clockAt();
    clock.sync(77, { mode: 'replay', speed: 'max' });
    real.ms += 5000;
    expect(clock.now()).toBe(77);
  });
});

describe('the frame scheduler', () => {
  function handScheduler() {
    const frames = handFrames();
    const { after, ms, pass, waiting } = handTimers(1000);
    const scheduler = createFrameScheduler({ requestFrame: frames.request, monotonicNow: ms, after });
    return { scheduler, frames, pass, timers: waiting };
  }

  it('draws one chart a frame, in order, and only the newest of each', () => {
    const { scheduler, frames } = handScheduler();
    const drawn: string[] = [];
    const [a, b, c] = [{}, {}, {}];
    scheduler.schedule(a, () => drawn.push('a, old'));
    scheduler.schedule(b, () => drawn.push('b'));
    scheduler.schedule(a, () => drawn.push('a'));
    scheduler.schedule(c, () => drawn.push('c'));
    scheduler.cancel(c);
    frames.pass();
    expect(drawn).toEqual(['a']);
    frames.pass();
    expect(drawn).toEqual(['a', 'b']);
    frames.pass();
    expect(frames.waiting()).toBe(0);
  });

  it('draws in the frame of the next commit while commits follow each other, and not much later without one', () => {
    const { scheduler, frames, pass } = handScheduler();
    const drawn: string[] = [];
    scheduler.committed();
    pass(50);
    scheduler.schedule({}, () => drawn.push('a'));
    scheduler.schedule({}, () => drawn.push('b'));
    expect(frames.waiting()).toBe(0);
    scheduler.committed();
    frames.pass();
    expect(drawn).toEqual(['a']);
    pass(99);
    expect(frames.waiting()).toBe(0);
    pass(1);
    frames.pass();
    expect(drawn).toEqual(['a', 'b']);
    pass(151);
    scheduler.schedule({}, () => drawn.push('c'));
    frames.pass();
    expect(drawn).toEqual(['a', 'b', 'c']);
  });

  it('lets what moves take its steps together, each no sooner than it asked, until it has ended', () => {
    const { scheduler, frames, pass, timers } = handScheduler();
    const seen: string[] = [];
    const [a, b] = [{}, {}];
    scheduler.moveInSteps(a, (ms) => {
      seen.push(`a ${ms}`);
      return ms < 240 ? ms + 120 : undefined;
    });
    scheduler.moveInSteps(b, (ms) => {
      seen.push(`b ${ms}`);
      return ms + 240;
    });
    expect(seen).toEqual(['a 0', 'b 0']);
    pass(119);
    expect(frames.waiting()).toBe(0);
    pass(1);
    frames.pass();
    pass(120);
    expect(frames.waiting()).toBe(1);
    frames.pass();
    expect(seen.slice(2)).toEqual(['a 120', 'a 240', 'b 240']);
    scheduler.cancel(b);
    pass(1000);
    frames.pass();
    pass(1000);
    expect([seen.length, timers(), frames.waiting()]).toEqual([5, 0, 0]);
  });

  it('does not let what has begun wait for the longer step of something else', () => {
    const { scheduler, frames, pass } = handScheduler();
    const seen: string[] = [];
    const moving = (name: string, stepMs: number) => (ms: number) => {
      seen.push(`${name} ${ms}`);
      return ms + stepMs;
    };
    scheduler.moveInSteps({}, moving('slow', 400));
    pass(100);
    scheduler.moveInSteps({}, moving('quick', 120));
    pass(120);
    frames.pass();
    expect(seen).toEqual(['slow 0', 'quick 0', 'quick 120']);
  });

  it('begins a movement anew that is asked for again', () => {
    const { scheduler, frames, pass } = handScheduler();
    const seen: string[] = [];
    const key = {};
    const moving = (name: string) => (ms: number) => {
      seen.push(`${name} ${ms}`);
      return ms + 120;
    };
    scheduler.moveInSteps(key, moving('old'));
    pass(60);
    scheduler.moveInSteps(key, moving('new'));
    pass(120);
    frames.pass();
    expect(seen).toEqual(['old 0', 'new 0', 'new 120']);
  });
});

describe('the store', () => {
  function storeWithBoard() {
    const frames = handFrames();
    const { after, ms, pass } = handTimers();
    const store = createWallStore({ monotonicNow: ms, requestFrame: frames.request, after });
    let notices = 0;
    store.subscribe(() => {
      notices += 1;
    });
    store.resume(emptySnapshot({ seq: 10 }));
    frames.pass();
    frames.pass();
    notices = 0;
    return { store, frames, pass, notices: () => notices };
  }
  const frame = (fromSeq: number, events: readonly TicketReported[], epoch = 'e1') => ({
    epoch,
    fromSeq,
    toSeq: fromSeq + events.length - 1,
    at: FIXTURE_NOW,
    events,
  });

  it('tells the first change of a quiet moment at once, and small ones that follow together', () => {
    const { store, frames, pass, notices } = storeWithBoard();
    for (let i = 0; i < 5; i += 1) store.apply(frame(11 + i, [reported(`T-${i}`)]));
    expect(notices()).toBe(1);
    expect(store.snapshot()?.seq).toBe(15);
    pass(44);
    expect(notices()).toBe(1);
    pass(1);
    expect(notices()).toBe(2);
    pass(1000);
    frames.pass();
    expect([notices(), frames.waiting()]).toEqual([2, 0]);
  });

  it('draws every second frame of the server while it sends them all the time, none later than 45 ms', () => {
    const { store, pass, notices } = storeWithBoard();
    const told: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      const before = notices();
      store.apply(frame(11 + i, [reported(`T-${i}`)]));
      told.push(notices() - before);
      pass(40);
    }
    expect(told).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
    pass(5);
    expect(notices()).toBe(6);
  });

  it('tells a burst and what waited before it once an animation frame', () => {
    const { store, frames, notices } = storeWithBoard();
    const many = (from: number) => Array.from({ length: 20 }, (_, i) => reported(`T-${from + i}`));
    store.apply(frame(11, [reported('T-0')]));
    store.apply(frame(12, [reported('T-1')]));
    store.apply(frame(13, many(2)));
    store.apply(frame(33, many(22)));
    expect(notices()).toBe(1);
    frames.pass();
    expect(notices()).toBe(2);
    expect(frames.waiting()).toBe(0);
  });

  it('lets a pulse neither hold back what comes after it nor draw what waits already', () => {
    const { store, notices } = storeWithBoard();
    const pulse = { epoch: 'e1', seq: 10, at: FIXTURE_NOW, clock: LIVE, sources: [] };
    store.pulse(pulse);
    store.apply(frame(11, [reported('T-1')]));
    expect(notices()).toBe(2);
    store.apply(frame(12, [reported('T-2')]));
    store.pulse(pulse);
    expect(notices()).toBe(2);
  });

  it('draws a pulse and what comes besides with the next change while changes follow each other', () => {
    const { store, pass, notices } = storeWithBoard();
    const ran: string[] = [];
    store.besides(() => ran.push('quiet'));
    expect(ran).toEqual(['quiet']);
    store.apply(frame(11, [reported('T-1')]));
    pass(20);
    store.besides(() => ran.push(`with ${notices()}`));
    store.besides(() => ran.push('taken back'))();
    store.pulse({ epoch: 'e1', seq: 11, at: FIXTURE_NOW, clock: LIVE, sources: [] });
    pass(20);
    store.apply(frame(12, [reported('T-2')]));
    expect([notices(), ran.length]).toEqual([1, 1]);
    pass(40);
    store.apply(frame(13, [reported('T-3')]));
    expect([notices(), ran]).toEqual([2, ['quiet', 'with 1']]);
  });

  it('lets what comes besides wait 85 ms after a change at most, and nothing wait for it', () => {
    const { store, pass, notices } = storeWithBoard();
    store.apply(frame(11, [reported('T-1')]));
    let ran = 0;
    store.besides(() => {
      ran += 1;
    });
    pass(84);
    expect([notices(), ran]).toEqual([1, 0]);
    pass(1);
    expect([notices(), ran]).toEqual([2, 1]);
    pass(1);
    store.apply(frame(12, [reported('T-2')]));
    expect(notices()).toBe(3);
  });

  it.each(['pulse', 'besides'] as const)('tells of a burst on a page without frames with the next %s', (what) => {
    const { store, pass, notices } = storeWithBoard();
    store.apply(frame(11, [reported('T-0')]));
    const burst = Array.from({ length: 20 }, (_, i) => reported(`T-${i + 1}`));
    store.apply(frame(12, burst));
    pass(1000);
    expect(notices()).toBe(1);
    let ran = 0;
    if (what === 'pulse') store.pulse({ epoch: 'e1', seq: 31, at: FIXTURE_NOW, clock: LIVE, sources: [] });
    else store.besides(() => (ran += 1));
    pass(85);
    expect([notices(), ran]).toEqual([2, what === 'pulse' ? 0 : 1]);
  });

  it('counts a change that is told when what came besides is due as one, for the pace of the next', () => {
    const { store, pass, notices } = storeWithBoard();
    store.apply(frame(11, [reported('T-1')]));
    pass(20);
    store.besides(() => {});
    pass(30);
    store.apply(frame(12, [reported('T-2')]));
    pass(35);
    expect(notices()).toBe(2);
    pass(1);
    store.apply(frame(13, [reported('T-3')]));
    expect(notices()).toBe(2);
    pass(45);
    expect(notices()).toBe(3);
  });

  it('tells of a board that replaces another one at once', () => {
    const { store, notices } = storeWithBoard();
    store.resume(emptySnapshot({ seq: 99, epoch: 'e2' }));
    expect(store.position()).toEqual({ epoch: 'e2', seq: 99 });
    expect(notices()).toBe(1);
  });

  it('keeps the deployment it has where a snapshot brings the same, and takes another', () => {
    const { store } = storeWithBoard();
    const known = store.snapshot()?.deployment;
    store.resume(structuredClone(emptySnapshot({ seq: 99, epoch: 'e2' })));
    expect(store.snapshot()?.deployment).toBe(known);
    const other = emptySnapshot({ epoch: 'e3' });
    store.resume({ ...other, board: { ...other.board, deployment: smallDeployment({ rankFloor: 99 }) } });
    expect(store.snapshot()?.deployment.rankFloor).toBe(99);
  });

  it('applies a frame that follows on, knows one it has, and refuses a gap or another epoch', () => {
    const { store } = storeWithBoard();
    expect(store.apply(frame(11, [reported('T-1')]))).toBe('applied');
    expect(store.apply(frame(11, [reported('T-1')]))).toBe('known');
    expect(store.apply(frame(13, [reported('T-3')]))).toBe('gap');
    expect(store.apply(frame(12, [reported('T-2')], 'e2'))).toBe('gap');
    expect(store.snapshot()?.board.tickets.size).toBe(1);
  });

  it('resumes with the events that were missed, and refuses those that do not follow on', () => {
    const { store } = storeWithBoard();
    const { history, clock } = emptySnapshot({ seq: 10 });
    const missed = { ok: true, kind: 'events', epoch: 'e1', at: FIXTURE_NOW, history, clock } as const;
    expect(store.resume({ ...missed, fromSeq: 12, toSeq: 12, events: [reported('T-2')] })).toBe(false);
    expect(store.resume({ ...missed, fromSeq: 11, toSeq: 12, events: [reported('T-1'), reported('T-2')] })).toBe(true);
    expect(store.position()).toEqual({ epoch: 'e1', seq: 12 });
    store.forgetPosition();
    expect(store.position()).toBe(undefined);
    expect(store.snapshot()?.board.tickets.size).toBe(2);
  });

  it('writes a receipt of what a cut cost, and takes it down after ten minutes', () => {
    const { store, pass } = storeWithBoard();
    store.apply(frame(11, [reported('T-1', { dueAt: FIXTURE_NOW + 60_000 })]));
    pass(5000);
    store.cutOff(5000);
    pass(192_000);
    const { history, clock } = emptySnapshot({ seq: 10 });
    store.resume({
      ok: true,
      kind: 'events',
      epoch: 'e1',
      fromSeq: 12,
      toSeq: 13,
      at: FIXTURE_NOW + 192_000,
      events: [reported('T-2'), reported('T-3')],
      history,
      clock,
    });
    expect(store.snapshot()?.receipt).toEqual({
      gapMs: 192_000,
      missed: { fromAt: FIXTURE_NOW, toAt: FIXTURE_NOW + 192_000, caughtUp: 2, newlyOverdue: 1, acknowledged: 0 },
    });
    const pulse = { epoch: 'e1', seq: 13, at: FIXTURE_NOW, clock, sources: [] };
    store.pulse(pulse);
    expect(store.snapshot()?.receipt).not.toBe(null);
    pass(10 * 60_000 + 1);
    store.pulse(pulse);
    expect(store.snapshot()?.receipt).toBe(null);
  });

  it('keeps the order of arrival, newest first, without the canary and what has left', () => {
    const { store } = storeWithBoard();
    store.apply(frame(11, [reported('T-1'), reported('T-2'), reported('C', { flags: ['canary'] }), reported('T-3')]));
    const leaving = { type: 'ticketArchived', ticketId: 'T-2', at: FIXTURE_NOW, recordedAt: FIXTURE_NOW } as const;
    store.apply({ epoch: 'e1', fromSeq: 15, toSeq: 15, at: FIXTURE_NOW, events: [leaving] });
    const snapshot = store.snapshot();
    if (snapshot === undefined) throw new Error('no snapshot');
    expect(newestArrivals(snapshot, 5).map(({ id }) => id)).toEqual(['T-3', 'T-1']);
    expect(newestArrivals(snapshot, 1).map(({ id }) => id)).toEqual(['T-3']);
  });

  it('does not keep the ids of all that ever came', () => {
    const { store } = storeWithBoard();
    let seq = 11;
    for (let i = 0; i < 2500; i += 1) {
      const leaving = { type: 'ticketArchived', ticketId: `T-${i}`, at: FIXTURE_NOW, recordedAt: FIXTURE_NOW } as const;
      store.apply({
        epoch: 'e1',
        fromSeq: seq,
        toSeq: seq + 1,
        at: FIXTURE_NOW,
        events: [reported(`T-${i}`), leaving],
      });
      seq += 2;
    }
    expect(store.snapshot()?.arrivals.length).toBeLessThanOrEqual(1000);
  });
});

describe('the figures', () => {
  it('come with the first board and then step with the clock’s seconds', () => {
    const frames = handFrames();
    const { after, ms, pass } = handTimers();
    const store = createWallStore({ monotonicNow: ms, requestFrame: frames.request, after });
    const waits: { ms: number; run: () => void }[] = [];
    const clock = { now: () => FIXTURE_NOW + 400, pace: () => 1, sync: () => {} };
    const figures = createFiguresFeed({
      store,
      clock,
      localDay,
      after: (ms, run) => {
        waits.push({ ms, run });
        return () => {};
      },
    });
    expect(figures.figures()).toBe(undefined);
    let notices = 0;
    figures.subscribe(() => {
      notices += 1;
    });
    const { snapshot } = boardFixture(smallDeploymentWithCases());
    store.resume(snapshot);
    expect(notices).toBe(1);
    expect(figures.figures()?.pipeline.reportedToday).toBeGreaterThan(0);
    expect(waits.at(-1)?.ms).toBe(600);
    store.apply({
      epoch: snapshot.epoch,
      fromSeq: snapshot.seq + 1,
      toSeq: snapshot.seq + 1,
      at: FIXTURE_NOW,
      events: [reported('N-1')],
    });
    expect(notices).toBe(1);
    pass(600);
    waits.at(-1)?.run();
    expect(notices).toBe(2);
    figures.close();
  });

  it('of a busy second step with the next change, and not at all once they are closed', () => {
    const frames = handFrames();
    const { after, ms, pass } = handTimers();
    const store = createWallStore({ monotonicNow: ms, requestFrame: frames.request, after });
    let endSecond = () => {};
    let seconds = 0;
    const figures = createFiguresFeed({
      store,
      clock: { now: () => FIXTURE_NOW, pace: () => 1, sync: () => {} },
      localDay,
      after: (_, run) => {
        seconds += 1;
        endSecond = run;
        return () => {};
      },
    });
    const { snapshot } = boardFixture(smallDeploymentWithCases());
    store.resume(snapshot);
    const change = (nth: number) =>
      store.apply({
        epoch: snapshot.epoch,
        fromSeq: snapshot.seq + nth,
        toSeq: snapshot.seq + nth,
        at: FIXTURE_NOW,
        events: [reported(`N-${nth}`)],
      });
    const told: string[] = [];
    figures.subscribe(() => told.push('figures'));
    store.subscribe(() => told.push('change'));
    change(1);
    pass(20);
    endSecond();
    change(2);
    expect(told).toEqual(['change']);
    pass(40);
    change(3);
    expect(told).toEqual(['change', 'figures', 'change']);
    change(4);
    endSecond();
    const before = { seconds, figures: figures.figures() };
    figures.close();
    pass(100);
    expect({ seconds, figures: figures.figures() }).toEqual(before);
    expect(figures.figures()).toBe(before.figures);
  });

  it('show at once who has taken an alert, in a burst once a second', () => {
    const frames = handFrames();
    const { after, ms, pass } = handTimers();
    const store = createWallStore({ monotonicNow: ms, requestFrame: frames.request, after });
    const waits: { ms: number; run: () => void }[] = [];
    const figures = createFiguresFeed({
      store,
      clock: { now: () => FIXTURE_NOW, pace: () => 1, sync: () => {} },
      localDay,
      after: (ms, run) => {
        waits.push({ ms, run });
        return () => {};
      },
    });
    const { snapshot } = boardFixture(smallDeploymentWithCases());
    store.resume(snapshot);
    const waiting = figures.figures()?.alerts.listed.filter(({ standing }) => standing === 'unacknowledged') ?? [];
    const standings = () =>
      waiting.map(({ alert }) => figures.figures()?.alerts.listed.find((one) => one.alert.id === alert.id)?.standing);
    expect(waiting.length).toBeGreaterThan(1);
    const reportedToday = figures.figures()?.pipeline.reportedToday;
    for (const [i, { alert }] of waiting.entries()) {
      const taken = {
        ...alert,
        state: 'acknowledged',
        acknowledgedBy: '赵*',
        acknowledgedAt: FIXTURE_NOW + i,
      } as const;
      store.apply({
        epoch: snapshot.epoch,
        fromSeq: snapshot.seq + 1 + i,
        toSeq: snapshot.seq + 1 + i,
        at: FIXTURE_NOW,
        events: [
          {
            type: 'alertChanged',
            at: FIXTURE_NOW,
            recordedAt: FIXTURE_NOW,
            stimulus: 'acknowledge',
            from: 'unacknowledged',
            reason: 'onSite',
            alert: taken,
          },
        ],
      });
      frames.pass();
    }
    expect(standings()[0]).toBe('acknowledged');
    expect(standings()[1]).toBe('unacknowledged');
    expect(figures.figures()?.pipeline.reportedToday).toBe(reportedToday);
    expect(waits.map(({ ms }) => ms)).toContain(1000);
    pass(500);
    pass(500);
    waits.find(({ ms }) => ms <= 1000)?.run();
    expect(new Set(standings())).toEqual(new Set(['acknowledged']));
    figures.close();
  });
});

/** The fixture's cases name categories and departments of the bundled district; a small one takes them as unlisted. */
function smallDeploymentWithCases() {
  return smallDeployment({
    domains: [],
    categories: smallDeployment().categories.flatMap((category) =>
      (['livelihood', 'traffic', 'government', 'analysis', 'urban'] as const).map((domain) => ({
        ...category,
        id: `${domain}-${category.id}`,
        domain,
      })),
    ),
  });
}
