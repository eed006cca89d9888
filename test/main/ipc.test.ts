import type { IpcMainInvokeEvent } from 'electron';
import { expect, test } from 'vitest';
import { answerKioskCalls } from '../../main/ipc.ts';

type Handler = (event: IpcMainInvokeEvent, ...values: unknown[]) => unknown;

/** The kiosk's handlers as the page reaches them: `call(frame, channel, …values)`. */
function kiosk() {
  const handlers = new Map<string, Handler>();
  const saved: string[] = [];
  const refused: string[] = [];
  const stop = answerKioskCalls(
    {
      handle: (channel, handler) => {
        handlers.set(channel, handler);
      },
      removeHandler: (channel) => {
        handlers.delete(channel);
      },
    },
    {
      'settings:read': () => ({ serverUrl: 'http://127.0.0.1:8311', token: 'tok' }),
      'token:save': (token) => {
        saved.push(token);
      },
    },
    (what) => refused.push(what),
  );
  const call = (event: IpcMainInvokeEvent, channel: string, ...values: unknown[]) =>
    handlers.get(channel)?.(event, ...values);
  return { call, handlers, saved, refused, stop };
}

function eventFrom(address: string, frame: 'main' | 'inner' | 'gone' = 'main') {
  const mainFrame = { url: address };
  const senderFrame = { main: mainFrame, inner: { url: address }, gone: null }[frame];
  return { sender: { mainFrame }, senderFrame } as unknown as IpcMainInvokeEvent;
}
const fromWall = eventFrom('wall://app/index.html#scene');

test('the wall is told its settings and may save a token', () => {
  const { call, saved, refused } = kiosk();
  expect(call(fromWall, 'settings:read')).toEqual({ serverUrl: 'http://127.0.0.1:8311', token: 'tok' });
  call(fromWall, 'token:save', 'tok-123');
  expect(saved).toEqual(['tok-123']);
  expect(refused).toEqual([]);
});

test.each([
  ['another page', eventFrom('https://example.org/index.html')],
  ['another page of ours', eventFrom('wall://app/desk.html')],
  ['a frame inside the wall', eventFrom('wall://app/index.html', 'inner')],
  ['a frame that is gone', eventFrom('wall://app/index.html', 'gone')],
])('%s is refused and reported', (_who, event) => {
  const { call, saved, refused } = kiosk();
  expect(() => call(event, 'settings:read')).toThrow(/refused/);
  expect(() => call(event, 'token:save', 'tok-123')).toThrow(/refused/);
  expect(saved).toEqual([]);
  expect(refused).toHaveLength(2);
});

test.each([
  ['nothing', []],
  ['a number', [7]],
  ['an object', [{ token: 'tok' }]],
  ['an empty token', ['']],
  ['two tokens', ['a', 'b']],
  ['one with a line break', ['a\nb']],
  ['one with a blank', ['a b']],
  ['one that is not ASCII', ['令牌']],
  ['one without end', ['a'.repeat(4_097)]],
])('a token call with %s is refused and reported', (_what, values) => {
  const { call, saved, refused } = kiosk();
  expect(() => call(fromWall, 'token:save', ...values)).toThrow(/refused/);
  expect(saved).toEqual([]);
  expect(refused).toHaveLength(1);
  expect(refused.join()).not.toContain('\n');
});

test('a settings call with arguments is refused', () => {
  const { call } = kiosk();
  expect(() => call(fromWall, 'settings:read', 1)).toThrow(/refused/);
});

test('once stopped nobody answers', () => {
  const { handlers, stop } = kiosk();
  expect([...handlers.keys()].sort()).toEqual(['settings:read', 'token:save']);
  stop();
  expect(handlers.size).toBe(0);
});
