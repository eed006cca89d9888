import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type KeptPicture, keepPicture, type Look } from '../../main/keepPicture.ts';
import { ANSWER_WITHIN_MS, ASK_EVERY_MS, LOAD_WITHIN_MS, LOOK_EVERY } from '../../main/recovery.ts';

const HOME = 'wall://app/index.html';

/** The part of a WebContents that is watched: loads when told to, answers while it is well. */
class FakeContents extends EventEmitter {
  readonly loaded: string[] = [];
  readonly ended: number[] = [];
  processId = 4_711;
  loading = false;
  answering = true;
  /** Whether the page shows anything. */
  shows = true;
  questions = 0;

  loadURL(address: string): Promise<void> {
    this.loaded.push(address);
    this.loading = true;
    return Promise.resolve();
  }
  isLoadingMainFrame(): boolean {
    return this.loading;
  }
  getOSProcessId(): number {
    return this.processId;
  }
  executeJavaScript(): Promise<unknown> {
    this.questions += 1;
    return this.answering ? Promise.resolve(this.shows) : new Promise(() => {});
  }

  finishLoad(): void {
    this.loading = false;
    this.answering = true;
    this.emit('did-finish-load');
  }
  die(): void {
    this.loading = false;
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 });
  }
}

let contents: FakeContents;
let logged: string[];
let complained: string[];
let picture: KeptPicture;
/** What a look at the window finds. */
let seen: Look;
const stop = () => picture.close();

beforeEach(() => {
  vi.useFakeTimers();
  contents = new FakeContents();
  logged = [];
  complained = [];
  vi.spyOn(process, 'kill').mockImplementation((processId, signal) => {
    expect(signal).toBe('SIGKILL');
    contents.ended.push(processId);
    return true;
  });
  seen = 'picture';
  picture = keepPicture(
    contents as unknown as WebContents,
    HOME,
    { log: (line) => logged.push(line), complain: (line) => complained.push(line) },
    () => Promise.resolve(seen),
  );
});

afterEach(() => {
  stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('it loads the page at once and asks it again and again', async () => {
  expect(contents.loaded).toEqual([HOME]);
  contents.finishLoad();
  await vi.advanceTimersByTimeAsync(10 * ASK_EVERY_MS);
  expect(contents.questions).toBe(10);
  expect(contents.loaded).toEqual([HOME]);
  expect(logged).toEqual(['the page has loaded']);
  expect(complained).toEqual([]);
});

test('a page that does not answer in time is ended, and loaded again once it is gone', async () => {
  contents.finishLoad();
  contents.answering = false;
  await vi.advanceTimersByTimeAsync(ASK_EVERY_MS + ANSWER_WITHIN_MS - 1);
  expect(contents.ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(contents.ended).toEqual([4_711]);
  expect(contents.loaded).toHaveLength(1);
  contents.die();
  await vi.advanceTimersByTimeAsync(299);
  expect(contents.loaded).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(contents.loaded).toEqual([HOME, HOME]);
});

test('an answer that is an error is an answer', async () => {
  contents.finishLoad();
  contents.executeJavaScript = () => Promise.reject(new Error('the page throws'));
  await vi.advanceTimersByTimeAsync(5 * ASK_EVERY_MS);
  expect(contents.ended).toEqual([]);
});

test('a page that reloads itself while it is asked is left alone', async () => {
  contents.finishLoad();
  contents.answering = false; // whoever is asked while leaving never answers
  await vi.advanceTimersByTimeAsync(ASK_EVERY_MS);
  contents.loading = true;
  await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS - 1);
  contents.finishLoad();
  await vi.advanceTimersByTimeAsync(5 * ASK_EVERY_MS);
  expect(complained).toEqual([]);
});

test('a navigation that was refused begins and never ends: the page is still there', async () => {
  contents.finishLoad();
  contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
  await vi.advanceTimersByTimeAsync(3 * LOAD_WITHIN_MS);
  expect(complained).toEqual([]);
  expect(contents.questions).toBe((3 * LOAD_WITHIN_MS) / ASK_EVERY_MS);
});

test('a load that hangs is ended', async () => {
  await vi.advanceTimersByTimeAsync(LOAD_WITHIN_MS);
  expect(contents.ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(ASK_EVERY_MS);
  expect(contents.ended).toEqual([4_711]);
  expect(complained.join()).toMatch(/still loading after 36000 ms/);
});

test('so is one that a hanging page began by itself', async () => {
  contents.finishLoad();
  contents.loading = true;
  await vi.advanceTimersByTimeAsync(LOAD_WITHIN_MS + 2 * ASK_EVERY_MS);
  expect(contents.ended).toEqual([4_711]);
});

test('without a process to end it is loaded again', async () => {
  contents.finishLoad();
  contents.answering = false;
  contents.processId = 0;
  await vi.advanceTimersByTimeAsync(ASK_EVERY_MS + ANSWER_WITHIN_MS + 300);
  expect(contents.ended).toEqual([]);
  expect(contents.loaded).toEqual([HOME, HOME]);
});

test('two troubles at once lead to one load', async () => {
  contents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', HOME, true);
  contents.die();
  await vi.advanceTimersByTimeAsync(600);
  expect(contents.loaded).toEqual([HOME, HOME]);
});

test('the error page of a load that failed is not taken for the wall', async () => {
  contents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', HOME, true);
  contents.finishLoad();
  expect(logged).toEqual([]);
  await vi.advanceTimersByTimeAsync(300);
  contents.finishLoad();
  expect(contents.loaded).toEqual([HOME, HOME]);
  expect(logged).toEqual(['the page has loaded']);
});

test('what fails in a frame or was replaced by another load is no trouble', async () => {
  contents.finishLoad();
  contents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'wall://app/frame.html', false);
  contents.emit('did-fail-load', {}, -3, 'ERR_ABORTED', HOME, true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(contents.loaded).toEqual([HOME]);
});

test('once stopped nothing is loaded any more', async () => {
  contents.finishLoad();
  contents.die();
  stop();
  contents.die();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(contents.loaded).toEqual([HOME]);
});

test('nor is a page asked that was still to answer', async () => {
  contents.finishLoad();
  contents.answering = false;
  await vi.advanceTimersByTimeAsync(ASK_EVERY_MS);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(contents.ended).toEqual([]);
});

test('a page that stays empty is loaded again, one that is empty for a moment is not', async () => {
  contents.finishLoad();
  contents.shows = false;
  await vi.advanceTimersByTimeAsync(ASK_EVERY_MS);
  contents.shows = true;
  await vi.advanceTimersByTimeAsync(5 * ASK_EVERY_MS);
  expect(complained).toEqual([]);
  contents.shows = false;
  await vi.advanceTimersByTimeAsync(2 * ASK_EVERY_MS + 300);
  expect(complained).toEqual(['the page is empty; loading it again in 300 ms']);
  expect(contents.loaded).toEqual([HOME, HOME]);
});

test('a window of one colour is loaded again once it was seen so twice', async () => {
  contents.finishLoad();
  seen = 'oneColour';
  await vi.advanceTimersByTimeAsync(LOOK_EVERY * ASK_EVERY_MS);
  expect(complained).toEqual([]);
  await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS + 300);
  expect(complained).toEqual(['the window is of one colour all over; loading it again in 300 ms']);
  expect(contents.loaded).toEqual([HOME, HOME]);
});

test.each(['picture', 'unknown'] as const)('a look that finds %s changes nothing', async (found) => {
  contents.finishLoad();
  seen = found;
  await vi.advanceTimersByTimeAsync(3 * LOOK_EVERY * ASK_EVERY_MS);
  expect(contents.loaded).toEqual([HOME]);
});

test('one colour between two pages is none', async () => {
  contents.finishLoad();
  seen = 'oneColour';
  await vi.advanceTimersByTimeAsync(LOOK_EVERY * ASK_EVERY_MS);
  seen = 'picture';
  await vi.advanceTimersByTimeAsync(2 * ASK_EVERY_MS);
  expect(complained).toEqual([]);
});

test('a machine that slept while the page was asked gives it its time again', async () => {
  contents.finishLoad();
  contents.answering = false;
  await vi.advanceTimersByTimeAsync(ASK_EVERY_MS);
  // All clocks run on while nobody's timers fire, as when the whole machine is stopped
  const asleep = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS);
  expect(contents.ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS);
  expect(contents.ended).toEqual([4_711]);
  asleep.mockRestore();
});

test('another address is shown at once, the same one only when told so', async () => {
  contents.finishLoad();
  picture.show(HOME);
  expect(contents.loaded).toEqual([HOME]);
  picture.show(HOME, 'again');
  picture.show(`${HOME}?scene=brief`);
  expect(contents.loaded).toEqual([HOME, HOME, `${HOME}?scene=brief`]);
  contents.finishLoad();
  contents.die();
  await vi.advanceTimersByTimeAsync(300);
  expect(contents.loaded.at(-1)).toBe(`${HOME}?scene=brief`);
});

test('an address that is told while the page is away is the next to be loaded', async () => {
  contents.finishLoad();
  contents.die();
  picture.show(`${HOME}?scene=brief`);
  expect(contents.loaded).toEqual([HOME]);
  await vi.advanceTimersByTimeAsync(300);
  expect(contents.loaded).toEqual([HOME, `${HOME}?scene=brief`]);
});
