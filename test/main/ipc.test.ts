import type { IpcMainInvokeEvent } from 'electron';
import { expect, test } from 'vitest';
import { LONGEST_BOARD } from '../../main/boardFile.ts';
import { answerKioskCalls } from '../../main/ipc.ts';
import type { KioskSettings } from '../../protocol/ipc.ts';
import { DEFAULT_CONFIG } from '../../protocol/kioskConfig.ts';

type Handler = (event: IpcMainInvokeEvent, ...values: unknown[]) => unknown;

const settings: KioskSettings = {
  serverUrl: 'http://127.0.0.1:8311',
  token: 'tok',
  version: '1.2.3',
  leads: true,
  configFault: null,
};

/** The kiosk's handlers as the page reaches them: `call(frame, channel, …values)`. `heard`: what got through, with its caller. */
function kiosk() {
  const handlers = new Map<string, Handler>();
  const heard: unknown[][] = [];
  const refused: string[] = [];
  const note =
    <T>(answer: T) =>
    (...values: unknown[]) => {
      heard.push(values);
      return answer;
    };
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
      'settings:read': note(settings),
      'token:save': note(undefined),
      'kiosk:readSettings': note({ choice: { ...DEFAULT_CONFIG, serverUrl: 'http://a' }, hasPin: false, displays: [] }),
      'kiosk:saveSettings': note({ ok: true }),
      'kiosk:takePushed': note(true),
      'kiosk:enterPin': note({ ok: true }),
      'kiosk:vitals': note({ cpuPercent: 1, memoryMb: 1 }),
      'board:keep': note(undefined),
      'board:kept': note(null),
    },
    (what) => refused.push(what),
  );
  const call = (event: IpcMainInvokeEvent, channel: string, ...values: unknown[]) =>
    handlers.get(channel)?.(event, ...values);
  return { call, handlers, heard, refused, stop };
}

function eventFrom(address: string, frame: 'main' | 'inner' | 'gone' = 'main') {
  const mainFrame = { url: address };
  const senderFrame = { main: mainFrame, inner: { url: address }, gone: null }[frame];
  return { sender: { mainFrame }, senderFrame } as unknown as IpcMainInvokeEvent;
}
const fromWall = eventFrom('wall://app/index.html#scene');

test('the wall is told its settings and may save a token', () => {
  const { call, heard, refused } = kiosk();
  expect(call(fromWall, 'settings:read')).toEqual(settings);
  call(fromWall, 'token:save', 'tok-123');
  expect(heard).toEqual([[fromWall.sender], [fromWall.sender, 'tok-123']]);
  expect(refused).toEqual([]);
});

test.each([
  ['another page', eventFrom('https://example.org/index.html')],
  ['another page of ours', eventFrom('wall://app/desk.html')],
  ['a frame inside the wall', eventFrom('wall://app/index.html', 'inner')],
  ['a frame that is gone', eventFrom('wall://app/index.html', 'gone')],
])('%s is refused and reported', (_who, event) => {
  const { call, handlers, heard, refused } = kiosk();
  for (const channel of handlers.keys()) expect(() => call(event, channel, 'tok-123')).toThrow(/refused/);
  expect(heard).toEqual([]);
  expect(refused).toHaveLength(handlers.size);
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
  const { call, heard, refused } = kiosk();
  expect(() => call(fromWall, 'token:save', ...values)).toThrow(/refused/);
  expect(heard).toEqual([]);
  expect(refused).toHaveLength(1);
  expect(refused.join()).not.toContain('\n');
});

test.each([
  ['kiosk:saveSettings', [{ mode: 'each' }]],
  ['kiosk:saveSettings', [{ mode: 'each' }, '4711']],
  ['kiosk:saveSettings', [{ mode: 'each' }, null]],
  ['kiosk:takePushed', [{ volume: 0.5 }]],
  ['kiosk:enterPin', ['4711', 'leave']],
  ['kiosk:enterPin', ['wrong at all', 'setup']],
  ['kiosk:vitals', []],
  ['board:keep', ['{}']],
  ['board:kept', []],
])('%s with %j gets through', (channel, values) => {
  const { call, heard, refused } = kiosk();
  call(fromWall, channel, ...values);
  expect(heard).toEqual([[fromWall.sender, ...values]]);
  expect(refused).toEqual([]);
});

test.each([
  ['kiosk:readSettings', [1]],
  ['kiosk:saveSettings', []],
  ['kiosk:saveSettings', ['{}']],
  ['kiosk:saveSettings', [[]]],
  ['kiosk:saveSettings', [{}, 4711]],
  ['kiosk:saveSettings', [{}, '471']],
  ['kiosk:saveSettings', [{}, '4711', 'more']],
  ['kiosk:takePushed', [null]],
  ['kiosk:takePushed', ['volume']],
  ['kiosk:enterPin', ['4711']],
  ['kiosk:enterPin', [4711, 'leave']],
  ['kiosk:enterPin', ['4711', 'unlock']],
  ['kiosk:enterPin', ['1'.repeat(5_000), 'leave']],
  ['kiosk:vitals', [{}]],
  ['board:keep', [{}]],
  ['board:keep', ['x'.repeat(LONGEST_BOARD + 1)]],
  ['board:kept', ['../token.json']],
])('%s with other arguments is refused and reported: case %#', (channel, values) => {
  const { call, heard, refused } = kiosk();
  expect(() => call(fromWall, channel, ...values)).toThrow(/refused/);
  expect(heard).toEqual([]);
  expect(refused).toEqual([`${channel} with other arguments than it takes`]);
});

test('a settings call with arguments is refused', () => {
  const { call } = kiosk();
  expect(() => call(fromWall, 'settings:read', 1)).toThrow(/refused/);
});

test('once stopped nobody answers', () => {
  const { handlers, stop } = kiosk();
  expect(handlers.size).toBe(9);
  stop();
  expect(handlers.size).toBe(0);
});
