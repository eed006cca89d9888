import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parse } from 'csv-parse/sync';
import express from 'express';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MAX_EXPORT_ROWS } from '../../protocol/exports.ts';
import { exportRoutes } from '../../server/http/exportRoutes.ts';
import { mountEnd, mountRoutes } from '../../server/http/mountRoutes.ts';
import { route } from '../../server/http/route.ts';
import { createLocalTime } from '../../server/localTime.ts';
import { createLog } from '../../server/log.ts';
import type { HeldTicket } from '../../server/store/ticketIndex.ts';
import { ticketIn } from '../support/builders.ts';
import { HOUR } from '../support/domainBuilders.ts';
import { startServer, TEST_START_AT, type TestServer } from '../support/startServer.ts';

let server: TestServer;
let duty: string;
let viewer: string;

const iso = (at: number) => new Date(at).toISOString();
const BOM = '\uFEFF';

async function bytesOf(path: string, token: string): Promise<{ response: Response; bytes: Uint8Array }> {
  const response = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

async function csv(path: string, token: string): Promise<Record<string, string>[]> {
  const { response, bytes } = await bytesOf(path, token);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  expect(text.startsWith(BOM)).toBe(true);
  return parse(text, { bom: true, columns: true }) as Record<string, string>[];
}

/** Rows of the one sheet, cell by cell, as text. */
async function sheet(path: string, token: string): Promise<string[][]> {
  const { response, bytes } = await bytesOf(path, token);
  expect(response.status).toBe(200);
  const parts = unzipSync(bytes);
  expect(Object.keys(parts)).toEqual(
    expect.arrayContaining(['[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml', 'xl/styles.xml']),
  );
  const xml = strFromU8(parts['xl/worksheets/sheet1.xml'] as Uint8Array);
  return [...xml.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row]) =>
    [...(row as string).matchAll(/<c [^>]*>(.*?)<\/c>/gs)].map(([, cell]) => (cell as string).replace(/<[^>]+>/g, '')),
  );
}

beforeAll(async () => {
  server = await startServer();
  duty = (await server.makeStaff('duty')).token;
  viewer = (await server.makeStaff('viewer')).token;
  const { token } = await server.makeClient('source');
  const rows = [
    ticketIn({
      id: 'parking',
      reportedAt: iso(TEST_START_AT - 3 * HOUR),
      location: { gridId: 'heyun-03', address: '运河路5号' },
      reporter: { id: 'G-0103', name: '欧阳清泉', phone: '13800138000' },
      description: '住户 13812345678 来电\n"第二行", 分号; <b>',
    }),
    ticketIn({
      id: 'formula',
      title: '=HYPERLINK("http://x","点我")',
      location: { gridId: 'dongtan-01', address: '@SUM(1)' },
      reportedAt: iso(TEST_START_AT - 2 * HOUR),
    }),
    ticketIn({ id: 'escape', title: '_x0041_ & <标签> \u0001', location: { gridId: 'dongtan-01' } }),
  ];
  const { body } = await server.request('POST', '/api/v1/tickets/batch', { token, body: rows });
  expect(body.results.map((result: { status: number }) => result.status)).toEqual([201, 201, 201]);
  await server.request('POST', '/api/v1/tickets/parking/steps', {
    token,
    body: { step: 'handle', at: iso(TEST_START_AT - 2 * HOUR), by: '王辛' },
  });
});
afterAll(() => server.close());

const EXPORT = '/api/v1/exports/tickets';

describe('tickets as CSV', () => {
  it('holds what the search finds, by the names of the deployment and local time', async () => {
    const rows = await csv(`${EXPORT}?format=csv&q=${encodeURIComponent('荷韵花园 运河路')}`, duty);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      标识: 'parking',
      状态: '待核实',
      镇街: '许庄街道',
      网格: '荷韵花园-03',
      上报时间: '2026-03-18 07:06:00',
      处置时间: '2026-03-18 08:06:00',
      上报人: '欧阳清泉',
      上报人电话: '13800138000',
      内容: '住户 13812345678 来电\n"第二行", 分号; <b>',
      超期: '否',
    });
    const english = await csv(`${EXPORT}?format=csv&language=en&q=G-0103`, duty);
    expect(english[0]).toMatchObject({ Id: 'parking', Status: 'Awaiting verification', Overdue: 'no' });
  });

  it('keeps the order asked for', async () => {
    const ids = async (sort: string) => (await csv(`${EXPORT}?format=csv&sort=${sort}`, duty)).map((row) => row.标识);
    expect(await ids('reportedAt')).toEqual(['parking', 'formula', 'escape']);
    expect(await ids('-reportedAt')).toEqual(['escape', 'formula', 'parking']);
  });

  it('runs no formula that a stranger sent', async () => {
    const [row] = await csv(`${EXPORT}?format=csv&q=formula`, duty);
    expect(row?.标题).toBe(`'=HYPERLINK("http://x","点我")`);
    expect(row?.地址).toBe("'@SUM(1)");
  });

  it.each([
    ['a viewer', () => viewer, ''],
    ['duty who asks for a masked file', () => duty, '&personal=masked'],
  ])('masks for %s what the list masks', async (_who, token, personal) => {
    const rows = JSON.stringify(await csv(`${EXPORT}?format=csv${personal}`, token()));
    expect(rows).toContain('欧阳*');
    expect(rows).not.toMatch(/清泉|13800138000|13812345678|运河路5号/);
    for (const format of ['csv', 'xlsx']) {
      const found = await bytesOf(`${EXPORT}?format=${format}&q=${encodeURIComponent('清泉')}`, viewer);
      expect(found.response.status).toBe(200);
    }
    expect(await csv(`${EXPORT}?format=csv&q=${encodeURIComponent('清泉')}`, viewer)).toEqual([]);
  });

  it('is limited to the street of who asks', async () => {
    const { token } = await server.makeStaff('duty', 'shiqiao');
    expect((await csv(`${EXPORT}?format=csv`, token)).map((row) => row.标识).sort()).toEqual(['escape', 'formula']);
    expect(await csv(`${EXPORT}?format=csv&street=xuzhuang`, token)).toEqual([]);
    expect((await sheet(`${EXPORT}?format=xlsx`, token)).flat().join()).not.toContain('荷韵花园-03');
  });

  it('tells of each ticket how it counts in statistics', async () => {
    const period = `from=${iso(TEST_START_AT - 24 * HOUR)}&to=${iso(TEST_START_AT + HOUR)}`;
    const { body } = await server.request('GET', `/api/v1/statistics?${period}&groupBy=domain`, { token: duty });
    const sum = (field: string) =>
      body.groups.reduce((total: number, group: Record<string, number>) => total + (group[field] as number), 0);
    const rows = await csv(`${EXPORT}?format=csv&${period}`, duty);
    const yes = (...fields: string[]) => rows.filter((row) => fields.every((field) => row[field] === '是')).length;
    expect(yes('计入统计')).toBe(sum('opened'));
    expect(yes('已结案')).toBe(sum('closed'));
    expect(yes('计入按期办结率')).toBe(sum('dueInPeriod'));
    expect(yes('超期')).toBe(sum('openOverdue') + sum('closedOverdue'));
    const onTime = body.groups.reduce(
      (total: number, group: { onTimeRate: number | null; dueInPeriod: number }) =>
        total + (group.onTimeRate ?? 0) * group.dueInPeriod,
      0,
    );
    expect(yes('按期办结')).toBeCloseTo(onTime);
  });

  it.each([
    [`${EXPORT}?q=x`, 'format'],
    [`${EXPORT}?format=pdf`, 'format'],
    [`${EXPORT}?format=csv&status=lost`, 'status'],
    [`${EXPORT}?format=csv&language=fr`, 'language'],
  ])('refuses %s', async (path, field) => {
    const { status, body } = await server.request('GET', path, { token: duty });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: field, message: expect.any(String) }]);
  });

  it('is named after what it holds and when', async () => {
    const { response } = await bytesOf(`${EXPORT}?format=csv`, duty);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="tickets-20260318T1006.csv"');
  });
});

/** The one route of exports over an index that says it found so many. */
function exportOf(total: number) {
  const { deployment } = server;
  const [exportTickets] = exportRoutes({
    store: { find: () => Promise.reject(new Error('the archive cannot be read')) },
    index: {
      find: async () => ({
        tickets: [{ id: 'lost' } as HeldTicket],
        total,
        byStatus: { reported: total, dispatched: 0, handled: 0, verified: 0, closed: 0, void: 0, merged: 0 },
        more: false,
      }),
      keyOf: () => ({ value: 0, recordedAt: 0, id: '' }),
    },
    deployment,
    masked: (ticket) => ticket,
    localTime: createLocalTime(deployment.timeZone),
    audit: { record: async () => {} },
    now: () => TEST_START_AT,
  });
  if (exportTickets === undefined) throw new Error('there is no export');
  return exportTickets.handle({
    params: {},
    query: { sort: '-reportedAt', personal: 'originals', language: 'en', format: 'csv' },
    body: undefined,
    identity: undefined,
    bearer: undefined,
    cookies: {},
    address: '',
    secure: false,
  });
}

describe('an export that cannot be whole', () => {
  it('is refused where more fits than one takes, with both numbers', async () => {
    expect(await exportOf(MAX_EXPORT_ROWS + 1)).toMatchObject({
      problem: { status: 413, code: 'too_large', limit: MAX_EXPORT_ROWS, detail: expect.stringContaining('50001') },
    });
    expect(await exportOf(MAX_EXPORT_ROWS)).toMatchObject({ status: 200 });
  });

  it('ends in an error, not in a shorter file', async () => {
    const answer = await exportOf(1);
    if (!('stream' in answer)) throw new Error('there is no file');
    const { stream, status, headers } = answer;
    const failing = route({
      method: 'get',
      path: '/file',
      operation: 'failingFile',
      summary: '',
      who: 'anyone',
      answers: {},
      handle: () => ({ status, headers, stream }),
    });
    const app = express();
    mountRoutes(app, [failing], { authenticate: () => undefined, rules: {}, onAnswered: () => {} });
    mountEnd(app, createLog('silent'));
    const listening = app.listen(0, '127.0.0.1');
    onTestFinished(() => {
      listening.close();
    });
    await once(listening, 'listening');
    const response = await fetch(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/file`);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });
});

describe('tickets as a workbook', () => {
  it('holds the same rows, texts as they came and instants as dates', async () => {
    const rows = await sheet(`${EXPORT}?format=xlsx&sort=reportedAt`, duty);
    expect(rows).toHaveLength(4);
    expect(rows[0]?.[0]).toBe('工单号');
    expect(rows[2]?.[1]).toBe('=HYPERLINK(&quot;http://x&quot;,&quot;点我&quot;)');
    expect(rows[3]?.[1]).toBe('_x005F_x0041_ &amp; &lt;标签&gt; ');
    const days = (TEST_START_AT - 3 * HOUR + 8 * HOUR) / (24 * HOUR) + 25_569;
    expect(rows[1]).toContain(String(days));
  });
});

describe('statistics as CSV', () => {
  it('tells the figures of the answer, to the digit, within scope', async () => {
    const period = `from=${iso(TEST_START_AT - 24 * HOUR)}&to=${iso(TEST_START_AT + HOUR)}`;
    for (const groupBy of ['department', 'domain', 'community', 'grid']) {
      const query = `${period}&groupBy=${groupBy}`;
      const { body } = await server.request('GET', `/api/v1/statistics?${query}`, { token: duty });
      const rows = await csv(`/api/v1/exports/statistics?${query}&format=csv&language=en`, duty);
      expect(rows.map((row) => [row.Key, row.Opened, row.Closed, row['Open overdue'], row['On-time rate']])).toEqual(
        body.groups.map((group: Record<string, string | number | null>) => [
          group.key,
          String(group.opened),
          String(group.closed),
          String(group.openOverdue),
          group.onTimeRate === null ? '' : String(group.onTimeRate),
        ]),
      );
    }
    const { token } = await server.makeStaff('leader', 'shiqiao');
    const rows = await csv(`/api/v1/exports/statistics?${period}&groupBy=grid&format=csv`, token);
    expect(rows.map((row) => row.代码)).toEqual(['dongtan-01']);
    expect(rows[0]?.名称).toBe('东滩社区-01');
  });
});
