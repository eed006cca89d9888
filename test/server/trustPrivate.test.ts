import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { connectSocket } from '../support/connectWall.ts';
import { folderForTest, startOn } from '../support/faultyServer.ts';
import { plainClient } from '../support/plainClient.ts';
import {
  ALL_SECRETS,
  givenAway,
  PLANTED,
  type Planted,
  REPORTER,
  stepWith,
  ticketWith,
} from '../support/plantedData.ts';
import { startServer } from '../support/startServer.ts';

vi.setConfig({ testTimeout: 90_000 });

it('W1 only the token of a wall gets into /wall', async () => {
  const server = await startServer();
  const { token } = await server.makeClient('wall');
  const refused = [{}, { token: '' }, { token: 7 }, { token: `${token}x` }, { token: server.adminToken }];
  for (const auth of [...refused, { token: (await server.makeClient('source')).token }]) {
    await expect(connectSocket(server.url, '/wall', auth), JSON.stringify(auth)).rejects.toThrow('unauthorized');
  }
  const socket = await connectSocket(server.url, '/wall', { token });
  expect(await socket.emitWithAck('board:subscribe', { protocol: 1 })).toMatchObject({ ok: true });
  socket.close();
  await server.close();
});

it('W31 personal data planted in every text, by every way in, is in no frame, snapshot, pulse, history, log line or figure, nor in what others are answered', async () => {
  const data = join(folderForTest(), 'data');
  const server = await startOn(data, undefined, ['--log-level', 'debug']);
  /** Everything that goes to anyone but duty and admin, by where it was seen. */
  const seen: { readonly where: string; readonly text: string }[] = [];
  const keep = (where: string, value: unknown) => seen.push({ where, text: JSON.stringify(value) });

  const { token: wallToken } = await server.makeClient('wall');
  const wall = await connectSocket(server.url, '/wall', { token: wallToken });
  wall.onAny((event, value) => keep(event, value));
  await wall.emitWithAck('board:subscribe', { protocol: 1 });

  // Names of clients are texts too
  const named = (kind: string, name: string) => server.admin.send('POST', '/api/v1/clients', { name, kind });
  const texts = PLANTED.map(({ text }) => text).join(' ');
  const { body: client } = await named('source', texts.slice(0, 200));
  await named('source', texts.slice(-200));
  const source = plainClient(server.url, client.token);
  const feed = await connectSocket(server.url, '/feed', { token: client.token });

  for (const [i, planted] of PLANTED.entries()) {
    const answers = [
      await source.send('POST', '/api/v1/tickets', ticketWith(planted, `http-${i}`)),
      await source.send('POST', '/api/v1/tickets/batch', [ticketWith(planted, `batch-${i}`), { title: planted.text }]),
      await source.send('POST', `/api/v1/tickets/http-${i}/steps`, stepWith(planted, 'handle')),
      // Refusals of every kind: conflict, illegal step, wrong values, unknown ticket
      await source.send('POST', '/api/v1/tickets', { ...ticketWith(planted, `http-${i}`), title: planted.text }),
      await source.send('POST', `/api/v1/tickets/http-${i}/steps`, stepWith(planted, 'return')),
      await source.send('POST', '/api/v1/tickets', {
        ...ticketWith(planted, `wrong ${planted.text}`),
        domain: planted.text,
      }),
      await source.send('POST', '/api/v1/tickets', {
        ...ticketWith(planted, `late-${i}`),
        reportedAt: planted.text,
        priority: planted.text,
      }),
      await source.send(
        'POST',
        `/api/v1/tickets/${encodeURIComponent(planted.text)}/steps`,
        stepWith(planted, 'handle'),
      ),
    ].map(({ body }) => body);
    answers.push(await feed.emitWithAck('ticket:report', ticketWith(planted, `feed-${i}`)));
    answers.push(await feed.emitWithAck('ticket:step', { ticketId: `feed-${i}`, ...stepWith(planted, 'close') }));
    answers.push(await feed.emitWithAck('ticket:step', { ticketId: `feed-${i}`, ...stepWith(planted, 'verify') }));
    answers.push(
      await feed.emitWithAck('ticket:report', { ...ticketWith(planted, `feed-${i}`), category: planted.text }),
    );
    feed.emit('source:pulse', { note: planted.text });
    for (const answer of answers) keep(`answer to a source about ${planted.what}`, answer);
  }
  // So many that a board by rows goes in parts
  const many = Array.from({ length: 300 }, (_, i) => ticketWith(PLANTED[i % PLANTED.length] as Planted, `many-${i}`));
  expect((await source.send('POST', '/api/v1/tickets/batch', many)).status).toBeLessThan(300);
  // A row of a batch is answered with the id that was sent, so that the sender knows it again
  const { body: last } = await server.admin.send('GET', '/api/v1/status');
  await expect
    .poll(() => seen.some(({ where, text }) => where === 'board:pulse' && text.includes(`"seq":${last.seq}`)), {
      timeout: 15_000,
    })
    .toBe(true);
  keep('snapshot', await wall.emitWithAck('board:subscribe', { protocol: 1 }));
  keep('snapshot by rows', await wall.emitWithAck('board:subscribe', { protocol: 1, packed: true }));
  keep('resumed', await wall.emitWithAck('board:subscribe', { protocol: 1, epoch: last.epoch, seq: 0 }));

  const period = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  for (const role of ['viewer', 'leader']) {
    await server.admin.send('POST', '/api/v1/accounts', {
      username: role,
      name: role,
      role,
      password: 'for these tests',
    });
    const nobody = plainClient(server.url, undefined, 'nowAndThen');
    const { body } = await nobody.send('POST', '/api/v1/session', { username: role, password: 'for these tests' });
    const reader = plainClient(server.url, body.token, 'nowAndThen');
    for (const path of [
      '/api/v1/tickets?limit=200',
      '/api/v1/tickets/http-0',
      '/api/v1/alerts',
      '/api/v1/status',
      `/api/v1/points?${period}`,
      ...['department', 'domain', 'community', 'grid'].map(
        (groupBy) => `/api/v1/statistics?${period}&groupBy=${groupBy}`,
      ),
    ]) {
      const answer = await reader.send('GET', path);
      expect(answer.status, path).toBe(200);
      keep(`${path.split('?')[0]} for a ${role}`, answer.body);
    }
    for (const { text } of PLANTED) {
      keep(
        `a search by a ${role}`,
        (await reader.send('GET', `/api/v1/tickets?q=${encodeURIComponent(text)}&sort=${encodeURIComponent(text)}`))
          .body,
      );
    }
    reader.close();
    nobody.close();
  }
  keep('status for a source', (await source.send('GET', '/api/v1/status')).body);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('taibai_');
  keep('figures', metrics);
  wall.close();
  feed.close();
  source.close();
  await server.stop('SIGTERM');
  // The month is reckoned at most once a minute, and at the first look after a start
  const again = await startOn(data, undefined, ['--log-level', 'debug']);
  const next = await connectSocket(again.url, '/wall', { token: wallToken });
  const answer = await next.emitWithAck('board:subscribe', { protocol: 1 });
  expect(answer.history.month.groups.length).toBeGreaterThan(PLANTED.length / 2);
  keep('board:history', answer.history);
  keep('snapshot', answer);
  next.close();
  await again.stop('SIGTERM');
  for (const { process } of [server, again]) keep('log', process.output());

  const kinds = new Set(seen.map(({ where }) => where));
  for (const where of ['board:events', 'board:pulse', 'board:history', 'board:part', 'snapshot', 'log', 'figures'])
    expect(kinds).toContain(where);
  const leaks = seen.flatMap(({ where, text }) => givenAway(text, ALL_SECRETS).map((secret) => `${where}: ${secret}`));
  expect([...new Set(leaks)]).toEqual([]);
  // The staff number stays with the ledger
  const onWalls = seen
    .filter(({ where }) => /^board:|^snapshot$|^resumed$/.test(where))
    .map(({ text }) => text)
    .join();
  expect(onWalls).not.toContain(REPORTER.id);
  expect(onWalls).toContain('"http-0"');
});

it('duty and admin see the originals, as they must', async () => {
  const server = await startServer();
  const { token: source } = await server.makeClient('source');
  const [planted] = PLANTED;
  if (planted === undefined) throw new Error('nothing is planted');
  await server.request('POST', '/api/v1/tickets', { token: source, body: ticketWith(planted, 'T') });
  for (const role of ['duty', 'admin'] as const) {
    const { token } = await server.makeStaff(role);
    const { body } = await server.request('GET', '/api/v1/tickets/T', { token });
    expect(body.ticket).toMatchObject(ticketWith(planted, 'T'));
  }
  await server.close();
});
