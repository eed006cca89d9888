import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ticketIn } from '../support/builders.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

const PYTHON = '/usr/bin/python3';
const CLIENT = fileURLToPath(new URL('../support/wallClient.py', import.meta.url));
const missing = spawnSync(PYTHON, ['-c', 'import socketio, websocket']).status !== 0;

let server: TestServer;

interface Word {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: what another program wrote, compared as a whole
  readonly data: any;
}

/** Every line of the client is one event as JSON. */
function startClient(token: string) {
  const child = spawn(PYTHON, [CLIENT, server.url, token], { stdio: ['ignore', 'pipe', 'inherit'] });
  const words: Word[] = [];
  let heard = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    words.push(JSON.parse(line) as Word);
    heard();
  });
  return {
    words,
    until: (found: (word: Word) => boolean) =>
      new Promise<Word>((resolve) => {
        heard = () => {
          const word = words.find(found);
          if (word !== undefined) resolve(word);
        };
        heard();
      }),
    end: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill();
      }),
  };
}

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe.skipIf(missing)(`a client in Python (python3-socketio${missing ? ' is not installed here' : ''})`, () => {
  it('gets the board, then every event without gaps', async () => {
    const source = (await server.makeClient('source')).token;
    const report = (id: string) =>
      server.request('POST', '/api/v1/tickets', { token: source, body: ticketIn({ id, description: '不上墙' }) });
    await report('before');
    const client = startClient((await server.makeClient('wall')).token);
    try {
      const { data: snapshot } = await client.until(({ event }) => event === 'subscribed');
      expect(snapshot).toMatchObject({ ok: true, kind: 'snapshot', epoch: server.store.epoch, seq: server.store.seq });
      expect(snapshot.board.tickets.map((ticket: { id: string }) => ticket.id)).toEqual(['before']);
      for (let i = 0; i < 20; i += 1) await report(`after-${i}`);
      await server.request('POST', '/api/v1/tickets/before/steps', { token: source, body: { step: 'handle' } });
      const lastSeq = server.store.seq;
      await client.until(({ event, data }) => event === 'board:events' && data.toSeq >= lastSeq);
      let next = snapshot.seq + 1;
      const events: { type: string; ticketId: string }[] = [];
      for (const { event, data } of client.words) {
        if (event !== 'board:events') continue;
        expect([data.epoch, data.fromSeq]).toEqual([snapshot.epoch, next]);
        next = data.toSeq + 1;
        events.push(...data.events);
      }
      expect(next).toBe(lastSeq + 1);
      // Three at one place are a repeat complaint, an alert of its own among the tickets' events
      expect(events.filter(({ type }) => type !== 'alertChanged').map((event) => event.ticketId)).toEqual([
        ...Array.from({ length: 20 }, (_, i) => `after-${i}`),
        'before',
      ]);
      const pulse = await client.until(({ event, data }) => event === 'board:pulse' && data.seq >= lastSeq);
      expect(pulse.data).toMatchObject({ epoch: snapshot.epoch, at: expect.stringMatching(/\+08:00$/) });
    } finally {
      await client.end();
    }
  });

  it('is refused without a token', async () => {
    const client = startClient('');
    expect((await client.until(() => true)).event).toBe('refused');
    expect(JSON.stringify(client.words)).toContain('unauthorized');
    await client.end();
  });
});
