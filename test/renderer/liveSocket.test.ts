import { describe, expect, it } from 'vitest';
import { askAhead, type LiveSocket } from '../../renderer/live/liveSocket.ts';

type Listener = (...values: unknown[]) => void;

/** A socket that says what the test says; `sent` holds the requests and how to answer them. */
function handSocket() {
  const listeners = new Map<string, Listener[]>();
  const sent: { readonly request: object; readonly answer: (answer: unknown) => void }[] = [];
  let connects = 0;
  const socket: LiveSocket = {
    on(event, listener) {
      listeners.set(event, [...(listeners.get(event) ?? []), listener as Listener]);
    },
    emit: (_event, request, answer) => sent.push({ request, answer }),
    volatile: { emit: () => {} },
    connect() {
      connects += 1;
    },
    disconnect: () => {},
    io: { on: () => {} },
  };
  const say = (event: string, ...values: unknown[]) => {
    for (const listener of listeners.get(event) ?? []) listener(...values);
  };
  return { socket, sent, say, connects: () => connects };
}

const SCREENS = [{ width: 1920, height: 1080, scale: 1 }];
const SUBSCRIBE = { protocol: 1, packed: true };

/** What a connection would hear, and its request whenever it is connected. */
function listenTo(ahead: LiveSocket, request: Parameters<LiveSocket['emit']>[1] = SUBSCRIBE) {
  const heard: unknown[] = [];
  const note = (event: string) =>
    ahead.on(event, (...values: unknown[]) => void heard.push(values.length === 0 ? event : [event, ...values]));
  ahead.on('connect', () => {
    heard.push('connect');
    ahead.emit('board:subscribe', request, (answer) => heard.push(['answer', answer]));
  });
  note('disconnect');
  note('board:part');
  note('board:events');
  note('wall:command');
  ahead.connect();
  return heard;
}

const turn = () => new Promise<void>((resolve) => queueMicrotask(resolve));

describe('a socket that asks ahead', () => {
  it('hands over what came before somebody listened, in order, with the answer to the one request', async () => {
    const { socket, sent, say, connects } = handSocket();
    const ahead = askAhead(socket, SCREENS);
    expect(connects()).toBe(1);
    say('connect');
    expect(sent.map(({ request }) => request)).toEqual([{ ...SUBSCRIBE, screens: SCREENS }]);
    say('wall:command', 'show');
    say('board:part', 'first');
    sent[0]?.answer('board');
    say('board:events', 1);
    const heard = listenTo(ahead);
    expect(heard).toEqual([]);
    await turn();
    expect(heard).toEqual([
      'connect',
      ['wall:command', 'show'],
      ['board:part', 'first'],
      ['answer', 'board'],
      ['board:events', 1],
    ]);
    say('board:events', 2);
    expect(heard.at(-1)).toEqual(['board:events', 2]);
    expect([sent.length, connects()]).toEqual([1, 1]);
  });

  it('asks once where somebody listens before the link stands, and before the answer', async () => {
    const { socket, sent, say } = handSocket();
    const heard = listenTo(askAhead(socket, SCREENS));
    await turn();
    say('connect');
    expect(sent.length).toBe(1);
    sent[0]?.answer('board');
    expect(heard).toEqual(['connect', ['answer', 'board']]);
  });

  it('asks again after a cut, whether it came before or after', async () => {
    const { socket, sent, say, connects } = handSocket();
    const ahead = askAhead(socket, SCREENS);
    say('connect');
    say('disconnect', 'transport close');
    say('connect');
    const heard = listenTo(ahead);
    await turn();
    expect(heard).toEqual(['connect', ['disconnect', 'transport close'], 'connect']);
    expect(sent.map(({ request }) => request)).toEqual([{ ...SUBSCRIBE, screens: SCREENS }, SUBSCRIBE]);
    sent[1]?.answer('board');
    expect(heard.at(-1)).toEqual(['answer', 'board']);
    ahead.connect();
    expect(connects()).toBe(2);
  });

  it('does not take the answer for that of somebody who knows where it stands', async () => {
    const { socket, sent, say } = handSocket();
    const ahead = askAhead(socket, SCREENS);
    say('connect');
    const heard = listenTo(ahead, { ...SUBSCRIBE, epoch: 'e1', seq: 7 });
    await turn();
    say('board:part', 'of the whole board');
    sent[0]?.answer('whole board');
    expect(heard).toEqual(['connect']);
    say('board:part', 'of the next answer');
    sent[1]?.answer('events');
    expect(heard).toEqual(['connect', ['board:part', 'of the next answer'], ['answer', 'events']]);
  });

  it('lets go of what would have taken the answer, once it is taken and once it cannot come any more', async () => {
    const { socket, sent, say } = handSocket();
    const heard = listenTo(askAhead(socket, SCREENS));
    await turn();
    say('connect');
    say('board:part', 'first');
    say('disconnect', 'transport close');
    // Socket.IO does not call back after a cut; whoever did would find nobody
    sent[0]?.answer('too late');
    expect(heard).toEqual(['connect', ['board:part', 'first'], ['disconnect', 'transport close']]);
    say('connect');
    sent[1]?.answer('board');
    sent[0]?.answer('too late');
    expect(heard.slice(3)).toEqual(['connect', ['answer', 'board']]);
  });
});
