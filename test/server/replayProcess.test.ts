import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';

const TABLES = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const absent = !existsSync(join(TABLES, 'README.md'));
const PASSWORD = 'for these tests';
const SNAPSHOT = '2016-01-12T22:23:00-05:00';

interface Group {
  readonly key: string;
  readonly opened: number;
  readonly closed: number;
  readonly closedOverdue: number;
  readonly open: number;
  readonly openOverdue: number;
}

let folder: string;
let server: ServerProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taibai-replay-'));
});
afterEach(async () => {
  server?.child.kill('SIGKILL');
  await server?.ended;
  await rm(folder, { recursive: true, force: true });
});

/** `opened / closed / closed OVERDUE / still open / open and OVERDUE` by department, from the oracle that comes with the tables. */
function oracle(column: 1 | 2): Record<string, string> {
  const figures: Record<string, string> = {};
  for (const line of readFileSync(join(TABLES, 'README.md'), 'utf8').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const [department, figure] = [cells[1] ?? '', cells[column + 1] ?? ''];
    if (/^\d+(?: \/ \d+){4}$/.test(figure)) figures[department] = figure;
  }
  return figures;
}

function figureOf(group: Omit<Group, 'key'>): string {
  return [group.opened, group.closed, group.closedOverdue, group.open, group.openOverdue].join(' / ');
}

/** Replays a table at full speed in a real process, waits for its end, and asks for statistics. */
async function replayed(source: string, query: string): Promise<{ groups: Group[]; clock: string }> {
  const data = join(folder, 'data');
  server = startServerProcess(['--port', '0', '--data', data, '--source', source, '--speed', 'max'], {
    WALL_ADMIN_PASSWORD: PASSWORD,
  });
  const url = (await server.said(/^listening on (\S+)$/m))[1] as string;
  const signIn = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: PASSWORD }),
  });
  const { token } = (await signIn.json()) as { token: string };
  const get = async (path: string) =>
    (await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
  let status: { now: string; sources: { state: string; rejected: object }[] };
  do {
    status = (await get('status')) as typeof status;
  } while (status.sources[0]?.state === 'live');
  expect(status.sources).toMatchObject([{ state: 'finished' }]);
  const { groups } = (await get(`statistics?${query}`)) as { groups: Group[] };
  return { groups, clock: status.now };
}

function total(groups: readonly Group[]): Omit<Group, 'key'> {
  const sum = (field: Exclude<keyof Group, 'key'>) => groups.reduce((all, group) => all + group[field], 0);
  return {
    opened: sum('opened'),
    closed: sum('closed'),
    closedOverdue: sum('closedOverdue'),
    open: sum('open'),
    openOverdue: sum('openOverdue'),
  };
}

describe.skipIf(absent)(`replay of real tables${absent ? ' (../shared/data is not here)' : ''}`, () => {
  it.each([
    ['2015-11', 1, '2015-11-01T00:00:00-04:00', '2015-12-01T00:00:00-05:00'],
    ['2015-12', 2, '2015-12-01T00:00:00-05:00', '2016-01-01T00:00:00-05:00'],
  ] as const)('gives every figure of Boston %s', { timeout: 120_000 }, async (month, column, from, to) => {
    const expected = oracle(column);
    expect(Object.keys(expected)).toContain('all');
    const { groups, clock } = await replayed(
      `replay:${join(TABLES, `boston-311-${month}.csv`)},until=${SNAPSHOT}`,
      new URLSearchParams({ from, to, at: SNAPSHOT, groupBy: 'department' }).toString(),
    );
    const found = Object.fromEntries(groups.map((group) => [group.key, figureOf(group)]));
    expect({ ...found, all: figureOf(total(groups)) }).toEqual(expected);
    expect(Date.parse(clock)).toBe(Date.parse(SNAPSHOT));
  });

  it('gives the counts of Kansas City, whose lateness is the word of its source', { timeout: 120_000 }, async () => {
    const { groups } = await replayed(
      `replay:${join(TABLES, 'kansas-city-311-potholes-2020.csv')}`,
      new URLSearchParams({
        from: '2020-01-01T00:00:00-06:00',
        to: '2020-03-01T00:00:00-06:00',
        at: '2021-01-01T00:00:00-06:00',
        groupBy: 'department',
      }).toString(),
    );
    // RESOL/Y 2,570, RESOL/N 242, OPEN/Y 549, OPEN/N 1,132
    expect(total(groups)).toEqual({
      opened: 4493,
      closed: 2570 + 242,
      closedOverdue: 2570,
      open: 549 + 1132,
      openOverdue: 549,
    });
    expect(groups).toHaveLength(2);
  });
});
