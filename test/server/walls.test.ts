import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSceneChoice } from '../../domain/sceneChoice.ts';
import { createFleet } from '../../server/live/fleet.ts';
import { createLog } from '../../server/log.ts';
import { openSettingsDb } from '../../server/store/settingsDb.ts';
import { ticketIn } from '../support/builders.ts';
import { createManualRealTime } from '../support/manualRealTime.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

let server: TestServer;
let duty: string;
beforeAll(async () => {
  server = await startServer();
  duty = (await server.makeStaff('duty')).token;
  const { token } = await server.makeClient('source');
  for (const [id, gridId] of [
    ['X-1', 'heyun-03'],
    ['S-1', 'shiqiaonan-03'],
  ]) {
    const body = ticketIn({ id, location: { gridId }, reporter: { name: '吴己', phone: '13812345678' } });
    expect((await server.request('POST', '/api/v1/tickets', { token, body })).status).toBe(201);
  }
});
afterAll(() => server.close());

const put = (path: string, body: unknown, token = duty) =>
  server.request('PUT', `/api/v1/walls/${path}`, { token, body });
const list = async (token = duty) => (await server.request('GET', '/api/v1/walls', { token })).body.items;

/** A connected page of a wall and every command that it is given. */
function openPage(token: string) {
  const socket = io(`${server.url}/wall`, { auth: { token }, transports: ['websocket'], forceNew: true });
  // biome-ignore lint/suspicious/noExplicitAny: wire values, checked by the tests that read them
  const commands: any[] = [];
  let arrived = () => {};
  socket.on('wall:command', (command) => {
    commands.push(command);
    arrived();
  });
  return {
    socket,
    commands,
    /** Settles once so many commands have come. */
    told: (count: number) =>
      new Promise<void>((resolve) => {
        arrived = () => {
          if (commands.length >= count) resolve();
        };
        arrived();
      }),
  };
}

describe('the scene of a wall', () => {
  it('W70 is told to its pages at once, and to a page that comes later as its first word', async () => {
    const { id, token } = await server.makeClient('wall');
    const first = openPage(token);
    await first.told(1);
    expect(first.commands).toEqual([{ kind: 'show', scene: null, spotlight: null }]);
    expect((await put(`${id}/scene`, { scene: 'domain-urban' })).body.wall).toMatchObject({
      id,
      scene: 'domain-urban',
      connected: true,
    });
    await first.told(2);
    expect(first.commands[1]).toEqual({ kind: 'show', scene: 'domain-urban', spotlight: null });
    const later = openPage(token);
    await later.told(1);
    expect(later.commands).toEqual([{ kind: 'show', scene: 'domain-urban', spotlight: null }]);
    await put(`${id}/scene`, { scene: null });
    await later.told(2);
    expect(later.commands[1]).toEqual({ kind: 'show', scene: null, spotlight: null });
    first.socket.close();
    later.socket.close();
  });

  it.each([
    ['nonsense', 'must be one of dispatch, brief'],
    ['ticket', 'a ticket is shown by a spotlight'],
    ['brief:2026', 'brief takes nothing after a colon'],
    ['grid:atlantis', 'no street, community or grid'],
  ])('%s is refused, naming the field', async (scene, message) => {
    const { id } = await server.makeClient('wall');
    const { status, body } = await put(`${id}/scene`, { scene });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: 'scene', message: expect.stringContaining(message) }]);
    expect((await put(`${id}/scene`, { scene: 7 })).body.errors[0].path).toBe('scene');
  });

  it.each(['dispatch', 'grid:shiqiao', 'grid:heyun', 'departments'])('%s is taken', async (scene) => {
    const { id } = await server.makeClient('wall');
    expect((await put(`${id}/scene`, { scene })).body.wall.scene).toBe(scene);
  });

  it('outlives a restart of the server', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'taibai-walls-'));
    const before = await startServer({ directory });
    const { id } = await before.makeClient('wall');
    const { token } = await before.makeStaff('duty');
    await before.request('PUT', `/api/v1/walls/${id}/scene`, { token, body: { scene: 'brief' } });
    await before.close();
    const after = await startServer({ directory });
    const { body } = await after.request('GET', '/api/v1/walls', { token: after.adminToken });
    expect(body.items).toMatchObject([{ id, scene: 'brief', connected: false, windows: [] }]);
    await after.close();
    await rm(directory, { recursive: true });
  });

  it('is for duty officers and administrators, of walls that exist', async () => {
    const { id } = await server.makeClient('wall');
    const { id: sourceId } = await server.makeClient('source');
    for (const role of ['viewer', 'leader'] as const) {
      const { token } = await server.makeStaff(role);
      expect((await put(`${id}/scene`, { scene: 'brief' }, token)).status).toBe(403);
      expect((await server.request('GET', '/api/v1/walls', { token })).status).toBe(403);
    }
    expect((await put('nobody/scene', { scene: 'brief' })).status).toBe(404);
    expect((await put(`${sourceId}/scene`, { scene: 'brief' })).status).toBe(404);
  });
});

describe('a configuration', () => {
  const night = { from: '22:00', until: '06:30' };

  it('W73 goes to the kiosk when it is set, and to each page that comes after', async () => {
    const { id, token } = await server.makeClient('wall');
    const page = openPage(token);
    await page.told(1);
    const body = { volume: 0.5, night, serverUrl: 'http://evil.example', exitPin: null };
    const { status, body: answer } = await put(`${id}/configuration`, body, server.adminToken);
    expect(status).toBe(200);
    expect(answer.wall.configuration).toEqual({ volume: 0.5, night });
    await page.told(2);
    expect(page.commands[1]).toEqual({ kind: 'configure', config: { volume: 0.5, night } });
    const later = openPage(token);
    await later.told(2);
    expect(later.commands.map(({ kind }) => kind)).toEqual(['show', 'configure']);
    await put(`${id}/configuration`, {}, server.adminToken);
    const last = openPage(token);
    await last.told(1);
    expect((await put(`${id}/scene`, { scene: 'brief' })).status).toBe(200);
    await last.told(2);
    expect(last.commands.map(({ kind }) => kind)).toEqual(['show', 'show']);
    for (const { socket } of [page, later, last]) socket.close();
  });

  it('is refused with every faulty field named', async () => {
    const { id } = await server.makeClient('wall');
    const body = { volume: 7, night: { from: 'late', until: '06:30' }, displays: [{ label: 1 }], scene: 'nonsense' };
    const answer = await put(`${id}/configuration`, body, server.adminToken);
    expect(answer.status).toBe(400);
    const paths = answer.body.errors.map(({ path }: { readonly path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['volume', 'night.from', 'displays.0.label', 'displays.0.width']));
    expect((await put(`${id}/configuration`, { scene: 'nonsense' }, server.adminToken)).body.errors[0].path).toBe(
      'scene',
    );
    expect((await put(`${id}/configuration`, [], server.adminToken)).status).toBe(400);
  });

  it('is for administrators alone', async () => {
    const { id } = await server.makeClient('wall');
    expect((await put(`${id}/configuration`, { volume: 0 })).status).toBe(403);
    expect((await put('nobody/configuration', { volume: 0 }, server.adminToken)).status).toBe(404);
  });
});

describe('a spotlight', () => {
  it('goes to the wall by id or number with the time left, and is taken back', async () => {
    const { id, token } = await server.makeClient('wall');
    const page = openPage(token);
    await page.told(1);
    const ticket = await server.store.find('X-1');
    const { status, body } = await put(`${id}/spotlight`, { ticketId: ticket?.number, seconds: 30 });
    expect(status).toBe(200);
    expect(body.wall.spotlight.ticketId).toBe('X-1');
    await page.told(2);
    const { spotlight } = page.commands[1];
    expect(spotlight.ticketId).toBe('X-1');
    expect(spotlight.leftMs).toBeGreaterThan(25_000);
    expect(spotlight.leftMs).toBeLessThanOrEqual(30_000);
    const path = `/api/v1/walls/${id}/spotlight`;
    expect((await server.request('DELETE', path, { token: duty })).status).toBe(204);
    await page.told(3);
    expect(page.commands[2]).toEqual({ kind: 'show', scene: null, spotlight: null });
    page.socket.close();
  });

  it.each([0, 3601, 1.5, '30'])('of %j seconds is refused', async (seconds) => {
    const { id } = await server.makeClient('wall');
    const { status, body } = await put(`${id}/spotlight`, { ticketId: 'X-1', seconds });
    expect([status, body.errors[0].path]).toEqual([400, 'seconds']);
  });

  it('shows no ticket that is not on the board of that wall', async () => {
    const { id } = await server.makeClient('wall', 'shiqiao');
    expect((await put(`${id}/spotlight`, { ticketId: 'none', seconds: 30 })).status).toBe(404);
    expect((await put(`${id}/spotlight`, { ticketId: 'X-1', seconds: 30 })).body.code).toBe('out_of_scope');
    expect((await put(`${id}/spotlight`, { ticketId: 'S-1', seconds: 30 })).status).toBe(200);
  });

  it('is previewed as the wall would show it', async () => {
    const { id } = await server.makeClient('wall');
    const { body } = await server.request('GET', `/api/v1/walls/${id}/preview/X-1`, { token: duty });
    expect(body.ticket).toMatchObject({ id: 'X-1', title: expect.any(String), status: 'reported' });
    expect(JSON.stringify(body)).not.toMatch(/吴己|13812345678|description|reporter/);
  });

  it('W71 ends by itself at the server, on disk too', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'taibai-fleet-'));
    const opened = await openSettingsDb(directory);
    if (!opened.ok) throw new Error(opened.problem);
    await opened.db.update(({ clients }) => {
      clients.push({ id: 'w', name: '大厅', kind: 'wall', tokenHash: 'h', createdAt: 0 });
    });
    const realTime = createManualRealTime();
    const fleet = createFleet({ settings: opened.db, log: createLog('silent'), realTime });
    await fleet.show('w', { spotlight: { ticketId: 'X-1', endsAt: 30_000 } });
    realTime.pass(29_999);
    expect(fleet.find('w')?.spotlight).toBeDefined();
    realTime.pass(1);
    await opened.db.update(() => {});
    expect(fleet.find('w')?.spotlight).toBeUndefined();
    fleet.close();
    await opened.db.close();
    const again = await openSettingsDb(directory);
    expect(again.ok && again.db.data.clients[0]).not.toHaveProperty('spotlight');
    await rm(directory, { recursive: true });
  });
});

describe('scope', () => {
  it('shows and gives an officer of a street the walls of that street alone', async () => {
    const own = await server.makeClient('wall', 'shiqiao');
    const hall = await server.makeClient('wall');
    const { token } = await server.makeStaff('duty', 'shiqiao');
    const ids = (await list(token)).map((wall: { readonly id: string }) => wall.id);
    expect(ids).toContain(own.id);
    expect(ids).not.toContain(hall.id);
    expect((await put(`${own.id}/scene`, { scene: 'brief' }, token)).status).toBe(200);
    expect((await put(`${hall.id}/scene`, { scene: 'brief' }, token)).body.code).toBe('out_of_scope');
    expect((await put(`${hall.id}/spotlight`, { ticketId: 'S-1', seconds: 5 }, token)).body.code).toBe('out_of_scope');
  });
});

describe('the state of a wall', () => {
  it('W72 tells its screens and how its machine fares; nonsense and haste are left out', async () => {
    const { id, token } = await server.makeClient('wall');
    const page = openPage(token);
    const screens = [{ width: 3840, height: 2160, scale: 1 }];
    const subscribe = () => page.socket.emitWithAck('board:subscribe', { protocol: 1, screens });
    const windowsNow = async () => (await list()).find((wall: { readonly id: string }) => wall.id === id).windows;
    const report = { cpuPercent: 12.5, memoryMb: 310, frameMs: 18, version: '0.1.0' };
    page.socket.emit('wall:report', { ...report, cpuPercent: 'much' });
    await subscribe();
    expect(await windowsNow()).toMatchObject([{ screens, report: null }]);
    page.socket.emit('wall:report', report);
    page.socket.emit('wall:report', { ...report, cpuPercent: 99 });
    await subscribe();
    expect(await windowsNow()).toMatchObject([{ screens, report }]);
    page.socket.close();
  });
});

it('reads a scene and what of it', () => {
  expect(readSceneChoice('grid:xuzhuang')).toEqual({ id: 'grid', argument: 'xuzhuang' });
  expect(readSceneChoice('brief')).toEqual({ id: 'brief' });
});
