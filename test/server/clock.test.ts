import { describe, expect, test } from 'vitest';
import { createLiveClock, createScaledClock, createSteppedClock } from '../../server/clock.ts';
import { createManualRealTime } from '../support/manualRealTime.ts';

const NOON = Date.parse('2026-03-18T12:00:00+08:00');
const HOUR = 3_600_000;

describe('the live clock', () => {
  test('reads real time and runs timers by instant, equal ones by age', () => {
    const real = createManualRealTime(NOON);
    const clock = createLiveClock('live', real);
    const ran: string[] = [];
    clock.at(NOON + 2000, () => ran.push('second'));
    clock.at(NOON + 1000, () => ran.push('first'));
    clock.at(NOON + 2000, () => ran.push('third'));
    const cancel = clock.at(NOON + 1500, () => ran.push('never'));
    cancel();
    real.pass(1999);
    expect(ran).toEqual(['first']);
    real.pass(1);
    expect(ran).toEqual(['first', 'second', 'third']);
    expect(clock.now()).toBe(NOON + 2000);
    expect(clock.state()).toEqual({ mode: 'live', speed: 1 });
  });

  test('a timer of the past runs next, never inside at()', () => {
    const real = createManualRealTime(NOON);
    const clock = createLiveClock('live', real);
    let ran = 0;
    clock.at(NOON - HOUR, () => {
      ran += 1;
    });
    expect(ran).toBe(0);
    real.pass(0);
    expect(ran).toBe(1);
  });

  test('waits longer than Node’s timers can', () => {
    const real = createManualRealTime(NOON);
    const clock = createLiveClock('live', real);
    let ranAt = 0;
    clock.at(NOON + 40 * 24 * HOUR, () => {
      ranAt = clock.now();
    });
    real.pass(41 * 24 * HOUR);
    expect(ranAt).toBe(NOON + 40 * 24 * HOUR);
  });

  test('a timer that throws does not stop the clock', () => {
    const real = createManualRealTime(NOON);
    const clock = createLiveClock('live', real);
    let ran = false;
    clock.at(NOON + 1, () => {
      throw new Error('a bug in a timer');
    });
    clock.at(NOON + 2, () => {
      ran = true;
    });
    expect(() => real.pass(1)).toThrow('a bug in a timer');
    real.pass(1);
    expect(ran).toBe(true);
  });

  test('many timers of one instant let other work go on in between, and keep their order', () => {
    const real = createManualRealTime(NOON);
    const clock = createLiveClock('live', real);
    const ran: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      clock.at(NOON + 1, () => {
        if (i === 0) real.after(0, () => ran.push('other'));
        ran.push(`timer ${i}`);
        real.pass(2);
      });
    }
    real.pass(20);
    expect(ran.indexOf('other')).toBeGreaterThan(0);
    expect(ran.indexOf('other')).toBeLessThan(5);
    expect(ran.filter((name) => name !== 'other')).toEqual(['timer 0', 'timer 1', 'timer 2', 'timer 3', 'timer 4']);
    expect(real.waiting()).toBe(0);
  });

  test('closed, it calls nobody back', () => {
    const real = createManualRealTime(NOON);
    const clock = createLiveClock('live', real);
    clock.at(NOON + 1000, () => expect.unreachable());
    clock.close();
    real.pass(HOUR);
    expect(real.waiting()).toBe(0);
  });
});

describe('the scaled clock', () => {
  test('stands until begun, then runs its factor faster', () => {
    const real = createManualRealTime();
    const clock = createScaledClock({ mode: 'replay', startAt: NOON, speed: 3600, real });
    real.pass(5000);
    expect(clock.now()).toBe(NOON);
    clock.begin(NOON);
    real.pass(1000);
    expect(clock.now()).toBe(NOON + HOUR);
  });

  test('spreads what lies close together over real time', () => {
    const real = createManualRealTime();
    const clock = createScaledClock({ mode: 'replay', startAt: NOON, speed: 3600, real });
    clock.begin(NOON);
    const ranAtReal: number[] = [];
    for (let i = 1; i <= 20; i += 1) clock.at(NOON + i * 180_000, () => ranAtReal.push(real.now()));
    real.pass(1000);
    expect(ranAtReal).toEqual(Array.from({ length: 20 }, (_, i) => (i + 1) * 50));
  });

  test('never runs a timer before its instant', () => {
    const real = createManualRealTime();
    const clock = createScaledClock({ mode: 'demo', startAt: NOON, speed: 7, real });
    clock.begin(NOON);
    const late: number[] = [];
    for (let i = 1; i <= 50; i += 1) clock.at(NOON + i * 13, () => late.push(clock.now() - (NOON + i * 13)));
    real.pass(200);
    expect(late).toHaveLength(50);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThan(2 * 7);
  });

  test('stands exactly where it must end, and later timers never run', () => {
    const real = createManualRealTime();
    const clock = createScaledClock({ mode: 'replay', startAt: NOON, speed: 1000, real });
    let ran = 0;
    clock.standAt(NOON + HOUR);
    clock.at(NOON + HOUR, () => {
      ran += 1;
    });
    clock.at(NOON + HOUR + 1, () => expect.unreachable());
    clock.begin(NOON);
    real.pass(24 * HOUR);
    expect(clock.now()).toBe(NOON + HOUR);
    expect(ran).toBe(1);
  });

  test('begins where a replay was left, once', () => {
    const real = createManualRealTime();
    const clock = createScaledClock({ mode: 'replay', startAt: NOON, speed: 60, real });
    clock.begin(NOON + HOUR);
    clock.begin(NOON + 5 * HOUR);
    real.pass(1000);
    expect(clock.now()).toBe(NOON + HOUR + 60_000);
  });
});

describe('the stepped clock', () => {
  test('jumps, running due timers at their own instants, also those set on the way', () => {
    const clock = createSteppedClock({ mode: 'replay', startAt: NOON });
    const ran: [string, number][] = [];
    clock.at(NOON + 2 * HOUR, () => ran.push(['two', clock.now() - NOON]));
    clock.at(NOON + HOUR, () => {
      ran.push(['one', clock.now() - NOON]);
      clock.at(NOON + HOUR + 1, () => ran.push(['set on the way', clock.now() - NOON]));
      clock.at(NOON, () => ran.push(['of the past', clock.now() - NOON]));
    });
    expect(clock.nextTimerAt()).toBe(NOON + HOUR);
    clock.advanceTo(NOON + 3 * HOUR);
    expect(ran).toEqual([
      ['one', HOUR],
      ['of the past', HOUR],
      ['set on the way', HOUR + 1],
      ['two', 2 * HOUR],
    ]);
    expect(clock.now()).toBe(NOON + 3 * HOUR);
  });

  test('never goes back and never past its end', () => {
    const clock = createSteppedClock({ mode: 'replay', startAt: NOON });
    clock.advanceTo(NOON - HOUR);
    expect(clock.now()).toBe(NOON);
    clock.standAt(NOON + HOUR);
    clock.at(NOON + HOUR + 1, () => expect.unreachable());
    clock.advanceTo(NOON + 2 * HOUR);
    expect(clock.now()).toBe(NOON + HOUR);
    expect(clock.state()).toEqual({ mode: 'replay', speed: 'max' });
  });

  test('keeps thousands of timers in order, cancelled ones left out', () => {
    const clock = createSteppedClock({ mode: 'demo', startAt: 0 });
    const ran: number[] = [];
    let state = 1;
    const expected: number[] = [];
    for (let i = 0; i < 5000; i += 1) {
      state = (state * 48_271) % 2_147_483_647;
      const at = state % 10_000;
      const cancel = clock.at(at, () => ran.push(at));
      if (i % 3 === 0) cancel();
      else expected.push(at);
    }
    clock.advanceTo(10_000);
    expect(ran).toEqual(expected.sort((a, b) => a - b));
  });
});
