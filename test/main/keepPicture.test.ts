import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepPicture } from '../../main/keepPicture.ts';
import { ANSWER_WITHIN_MS, ASK_EVERY_MS, LOAD_WITHIN_MS } from '../../main/recovery.ts';

const HOME = 'wall://app/index.html';

/** The part of a WebContents that is watched: loads when told to, answers while it is well. */
class FakeContents extends EventEmitter {
  readonly loaded: string[] = [];
  readonly ended: number[] = [];
  processId = 4_711;
  loading = false;
  answering = true;
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
    return this.answering ? Promise.resolve(1) : new Promise(() => {});
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
let stop: () => void;

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
  stop = keepPicture(contents as unknown as WebContents, HOME, {
    log: (line) => logged.push(line),
    complain: (line) => complained.push(line),
  });
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
