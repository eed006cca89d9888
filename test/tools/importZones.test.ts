import { describe, expect, test } from 'vitest';
import { importBreaches } from '../../tools/importZones.mjs';

function problems(file: string, source: string): string[] {
  return importBreaches(file, source).map(({ line, problem }) => `${line}: ${problem}`);
}

const allowed: [file: string, imported: string][] = [
  ['domain/sla.ts', './ticket.ts'],
  ['protocol/wire.ts', '../domain/events.ts'],
  ['protocol/decode.ts', 'zod'],
  ['server/app.ts', './http/healthRoutes.ts'],
  ['server/http/ingestRoutes.ts', '../ingest/ingest.ts'],
  ['server/http/ingestRoutes.ts', '../log.ts'],
  ['server/ingest/sources/replay.ts', '../../store/ticketStore.ts'],
  ['server/live/hub.ts', '../store/ticketStore.ts'],
  ['server/store/eventLog.ts', 'node:fs/promises'],
  ['server/store/snapshotDb.ts', 'lowdb/node'],
  ['renderer/panels/traffic/TrafficPanel.tsx', '../../charts/EChart.tsx'],
  ['renderer/panels/traffic/TrafficPanel.tsx', '../../live/useWall.ts'],
  ['renderer/panels/traffic/TrafficPanel.tsx', '../../words/formats.ts'],
  ['renderer/live/connection.ts', 'socket.io-client'],
  ['renderer/live/useWall.ts', 'react'],
  ['renderer/charts/EChart.tsx', '../live/frameScheduler.ts'],
  ['renderer/charts/echarts.ts', 'echarts/core'],
  ['renderer/main.tsx', '@fontsource/barlow/500.css'],
  ['main/index.ts', 'electron'],
  ['main/index.ts', '../protocol/ipc.ts'],
  ['tools/bench/processes/server.ts', '../../../server/app.ts'],
  ['test/e2e/wall.spec.ts', '../../server/app.ts'],
];

const refused: [file: string, imported: string, why: string][] = [
  ['domain/sla.ts', '../protocol/wire.ts', 'domain may not import protocol/wire.ts'],
  ['domain/sla.ts', 'luxon', 'domain may not import the package luxon'],
  ['domain/sla.ts', 'node:crypto', "domain may not import Node's node:crypto"],
  ['domain/sla.ts', 'crypto', "domain may not import Node's crypto"],
  ['protocol/wire.ts', '../server/app.ts', 'protocol may not import server/app.ts'],
  ['protocol/wire.ts', 'socket.io-client', 'protocol may not import the package socket.io-client'],
  ['server/config.ts', '../renderer/main.tsx', 'server may not import renderer/main.tsx'],
  ['server/config.ts', './http/healthRoutes.ts', 'server may not import server/http/healthRoutes.ts'],
  ['server/http/healthRoutes.ts', '../../main/window.ts', 'server/http may not import main/window.ts'],
  ['server/http/healthRoutes.ts', '../live/hub.ts', 'server/http may not import server/live/hub.ts'],
  ['server/http/healthRoutes.ts', '../app.ts', 'server/http may not import server/app.ts'],
  ['server/http/healthRoutes.ts', 'electron', 'server/http may not import the package electron'],
  ['server/store/ticketStore.ts', '../ingest/ingest.ts', 'server/store may not import server/ingest/ingest.ts'],
  ['server/store/ticketStore.ts', '../live/hub.ts', 'server/store may not import server/live/hub.ts'],
  ['server/ingest/ingest.ts', '../http/ingestRoutes.ts', 'server/ingest may not import server/http/ingestRoutes.ts'],
  ['server/live/hub.ts', '../http/ingestRoutes.ts', 'server/live may not import server/http/ingestRoutes.ts'],
  ['renderer/App.tsx', '../server/app.ts', 'renderer may not import server/app.ts'],
  ['renderer/App.tsx', '../main/window.ts', 'renderer may not import main/window.ts'],
  ['renderer/App.tsx', 'node:path', "renderer may not import Node's node:path"],
  ['renderer/App.tsx', 'electron', 'renderer may not import the package electron'],
  ['renderer/charts/EChart.tsx', '../../domain/ticket.ts', 'renderer/charts may not import domain/ticket.ts'],
  ['renderer/charts/EChart.tsx', '../live/wallStore.ts', 'renderer/charts may not import renderer/live/wallStore.ts'],
  ['renderer/charts/EChart.tsx', '../panels/x/option.ts', 'renderer/charts may not import renderer/panels/x/option.ts'],
  ['renderer/live/wallStore.ts', '../panels/x/option.ts', 'renderer/live may not import renderer/panels/x/option.ts'],
  ['renderer/live/wallStore.ts', 'react', 'renderer/live may not import the package react'],
  ['renderer/live/wallStore.ts', './useWall.ts', 'renderer/live may not import renderer/live/useWall.ts'],
  [
    'renderer/panels/x/XPanel.tsx',
    '../../live/connection.ts',
    'renderer/panels may not import renderer/live/connection.ts',
  ],
  ['main/window.ts', '../server/app.ts', 'main may not import server/app.ts'],
  ['main/window.ts', '../renderer/App.tsx', 'main may not import renderer/App.tsx'],
  ['main/window.ts', '../domain/ticket.ts', 'main may not import domain/ticket.ts'],
  ['server/config.ts', '../test/support/manualClock.ts', 'server may not import test/support/manualClock.ts'],
  ['tools/start.mjs', '../test/support/manualClock.ts', 'tools may not import test/support/manualClock.ts'],
  ['tools/start.mjs', '../server/config.ts', 'tools may not import server/config.ts'],
  ['tools/bench/bench.ts', '../../test/support/builders.ts', 'tools/bench may not import test/support/builders.ts'],
  ['server/config.ts', '../../elsewhere/x.ts', 'server may not import ../elsewhere/x.ts'],
];

describe('import zones', () => {
  test.each(allowed)('%s may import %s', (file, imported) => {
    expect(problems(file, `import '${imported}';`)).toEqual([]);
  });

  test.each(refused)('%s may not import %s', (file, imported, why) => {
    expect(problems(file, `import '${imported}';`)).toEqual([`1: ${why}`]);
  });

  test.each([
    ['a type', "import type { App } from '../server/app.ts';"],
    ['a re-export', "export { app } from '../server/app.ts';"],
    ['a whole re-export', "export * from '../server/app.ts';"],
    ['a dynamic import', "const app = await import('../server/app.ts');"],
    ['a type import expression', "type App = import('../server/app.ts').App;"],
    ['a query', "import text from '../server/app.ts?raw';"],
  ])('sees through %s', (_form, source) => {
    expect(problems('domain/ticket.ts', `// first line\n${source}`)).toEqual([
      '2: domain may not import server/app.ts',
    ]);
  });

  test("lets a panel know ECharts' types, not ECharts", () => {
    const file = 'renderer/panels/traffic/option.ts';
    expect(problems(file, "import type { EChartsCoreOption } from 'echarts/core';")).toEqual([]);
    expect(problems(file, "import { init } from 'echarts/core';")).toEqual([
      '1: renderer/panels may not import the package echarts/core',
    ]);
  });

  test('refuses an import whose path is computed', () => {
    expect(problems('renderer/App.tsx', 'await import(name);')).toEqual([
      '1: renderer may not import what only run time knows',
    ]);
  });

  test('keeps the clock and chance out of the domain', () => {
    const source = ['Date.now();', 'Math.random();', 'new Date();', 'Date();', 'new Date(0);', 'Math.max(1, 2);'];
    expect(problems('domain/sla.ts', source.join('\n'))).toEqual([
      '1: domain may not use Date.now: take it as an argument',
      '2: domain may not use Math.random: take it as an argument',
      '3: domain may not use new Date(): take it as an argument',
      '4: domain may not use Date(): take it as an argument',
    ]);
    expect(problems('server/clock.ts', source.join('\n'))).toEqual([]);
  });

  test('wants a zone for every folder', () => {
    expect(problems('utils/x.ts', '')).toEqual(['1: lies in no zone: give its folder one in tools/importZones.mjs']);
  });

  test('reports a file that cannot be parsed', () => {
    expect(problems('domain/ticket.ts', 'const = ;').join()).toContain('cannot be parsed');
  });
});
