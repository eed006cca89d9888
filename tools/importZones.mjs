// Who may import whom: the rules, and the question whether one file keeps them. tools/checkImports.mjs asks it of all.
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { parseSync, Visitor } from 'vite';

/**
 * What the files of one zone may import: project files by path, npm packages by name ('*': any), Node's own modules.
 * `typesOf`: packages of which only types may be imported. `clockAndChance: false` also forbids reading the time and
 * rolling dice.
 * @typedef {{ name: string, files: RegExp, may: RegExp, packages: string[] | '*', typesOf?: string[], node: boolean,
 *   clockAndChance: boolean }} Zone
 */

const serverPackages = [
  '@zxcvbn-ts/language-common',
  'chinese-days',
  'compression',
  'cookie',
  'csv-parse',
  'csv-stringify',
  'd3-geo',
  'express',
  'fflate',
  'geojson',
  'helmet',
  'lowdb',
  'luxon',
  'openid-client',
  'pino',
  'polylabel',
  'prom-client',
  'rate-limiter-flexible',
  'socket.io',
  'socket.io-parser',
  'topojson-client',
  'topojson-server',
  'topojson-simplify',
  'topojson-specification',
  'zod',
];
const chartPackages = ['echarts', 'react', 'zrender'];
const pagePackages = [
  '@fontsource-variable/noto-sans-sc',
  '@fontsource/barlow',
  'i18next',
  'react',
  'react-dom',
  'react-i18next',
];

/** @param {string} name @param {RegExp} files @param {RegExp} may */
const serverZone = (name, files, may) => ({
  name,
  files,
  may,
  packages: serverPackages,
  node: true,
  clockAndChance: true,
});
/** @param {string} name @param {RegExp} files @param {RegExp} may @param {string[]} packages */
const pageZone = (name, files, may, packages) => ({ name, files, may, packages, node: false, clockAndChance: true });

/**
 * The first zone whose pattern fits a file is its zone. Nothing may import test/: no `may` but its own names it.
 * @type {Zone[]}
 */
const zones = [
  { name: 'domain', files: /^domain\//, may: /^domain\//, packages: [], node: false, clockAndChance: false },
  {
    name: 'protocol',
    files: /^protocol\//,
    may: /^(protocol|domain)\//,
    packages: ['zod'],
    node: false,
    clockAndChance: false,
  },

  // http → ingest → store ← live; app.ts and index.ts alone join them, and nobody but they sees them joined
  serverZone('server (where the parts are joined)', /^server\/(app|index)\.ts$/, /^(server|domain|protocol)\//),
  serverZone(
    'server/http',
    /^server\/http\//,
    /^(server\/(http|ingest|identity|store)\/|server\/(?!app\.ts|index\.ts)[^/]+$|domain\/|protocol\/)/,
  ),
  serverZone(
    'server/ingest',
    /^server\/ingest\//,
    /^(server\/(ingest|identity|store)\/|server\/(?!app\.ts|index\.ts)[^/]+$|domain\/|protocol\/)/,
  ),
  serverZone(
    'server/identity',
    /^server\/identity\//,
    /^(server\/(identity|store)\/|server\/(?!app\.ts|index\.ts)[^/]+$|domain\/|protocol\/)/,
  ),
  serverZone(
    'server/live',
    /^server\/live\//,
    /^(server\/(live|store)\/|server\/(?!app\.ts|index\.ts)[^/]+$|domain\/|protocol\/)/,
  ),
  serverZone(
    'server/store',
    /^server\/store\//,
    /^(server\/store\/|server\/(?!app\.ts|index\.ts)[^/]+$|domain\/|protocol\/)/,
  ),
  serverZone('server', /^server\//, /^(server\/(?!app\.ts|index\.ts)[^/]+$|domain\/|protocol\/)/),

  // panels → charts and live/useWall; charts know no tickets, live knows neither panels nor (but for its hooks) React
  pageZone('renderer/charts', /^renderer\/charts\//, /^renderer\/(charts\/|live\/frameScheduler\.ts$)/, chartPackages),
  pageZone(
    'renderer/live (its hooks)',
    /^renderer\/live\/useWall\.tsx?$/,
    /^(renderer\/(live|layout|words)\/|domain\/|protocol\/)/,
    ['react', 'react-i18next'],
  ),
  pageZone(
    'renderer/live',
    /^renderer\/live\//,
    /^(renderer\/live\/(?!useWall)|renderer\/words\/formats\.ts$|domain\/|protocol\/)/,
    ['socket.io-client'],
  ),
  pageZone('renderer/words', /^renderer\/words\//, /^(renderer\/words|domain)\//, [
    'i18next',
    'luxon',
    'react-i18next',
  ]),
  {
    ...pageZone(
      'renderer/panels',
      /^renderer\/panels\//,
      /^(renderer\/(panels|charts|layout|words)\/|renderer\/live\/useWall\.tsx?$|domain\/|protocol\/)/,
      pagePackages,
    ),
    typesOf: ['echarts'], // an option is plain data of ECharts' shape; drawing it is for charts
  },
  pageZone('renderer/desk', /^renderer\/desk\//, /^(renderer|domain|protocol)\//, [
    ...pagePackages,
    '@base-ui/react',
    '@tanstack/react-virtual',
    'luxon',
    'zod',
  ]),
  pageZone('renderer', /^renderer\//, /^(renderer|domain|protocol)\//, pagePackages),

  {
    name: 'main',
    files: /^main\//,
    may: /^(main|protocol)\//,
    packages: ['electron'],
    node: true,
    clockAndChance: true,
  },
  {
    name: 'tools/bench', // measures the product's parts, so it may know them all
    files: /^tools\/bench\//,
    may: /^(tools|domain|protocol|server|renderer|main)\//,
    packages: '*',
    node: true,
    clockAndChance: true,
  },
  { name: 'tools', files: /^tools\//, may: /^tools\//, packages: '*', node: true, clockAndChance: true },
  { name: 'test', files: /^test\//, may: /^/, packages: '*', node: true, clockAndChance: true },
  { name: 'root', files: /^[^/]+$/, may: /^[^/]+$|^tools\//, packages: '*', node: true, clockAndChance: true },
];

/** `@scope/name/file.css` → `@scope/name` @param {string} specifier */
function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * Why a file of this zone may not import that; null if it may.
 * @param {Zone} zone
 * @param {string} file
 * @param {string} specifier
 * @param {boolean} typeOnly
 */
function refusal(zone, file, specifier, typeOnly) {
  if (/^\.{1,2}\//.test(specifier)) {
    const target = posix.join(posix.dirname(file), specifier.replace(/\?.*$/, ''));
    return zone.may.test(target) ? null : `${zone.name} may not import ${target}`;
  }
  if (isBuiltin(specifier)) return zone.node ? null : `${zone.name} may not import Node's ${specifier}`;
  if (zone.packages === '*' || zone.packages.includes(packageName(specifier))) return null;
  if (typeOnly && zone.typesOf?.includes(packageName(specifier))) return null;
  return `${zone.name} may not import the package ${specifier}`;
}

/**
 * Every breach of the import rules in one source file.
 * @param {string} file path relative to the project's root, with forward slashes
 * @param {string} source
 * @returns {{ line: number, problem: string }[]}
 */
export function importBreaches(file, source) {
  const zone = zones.find(({ files }) => files.test(file));
  if (zone === undefined)
    return [{ line: 1, problem: 'lies in no zone: give its folder one in tools/importZones.mjs' }];
  /** @type {{ line: number, problem: string }[]} */
  const breaches = [];
  /** @param {number} offset @param {string | null} problem */
  const note = (offset, problem) => {
    if (problem !== null) breaches.push({ line: source.slice(0, offset).split('\n').length, problem });
  };
  /** @param {{ start: number, value?: unknown } | null} node the imported name where it is written out */
  const check = (node, typeOnly = false) => {
    if (node === null) return;
    if (typeof node.value === 'string') note(node.start, refusal(zone, file, node.value, typeOnly));
    else if (zone.packages !== '*') note(node.start, `${zone.name} may not import what only run time knows`);
  };
  /** @param {number} offset @param {string} name */
  const refuseClockOrChance = (offset, name) => {
    if (!zone.clockAndChance) note(offset, `${zone.name} may not use ${name}: take it as an argument`);
  };

  const { program, errors } = parseSync(file, source);
  for (const error of errors) note(error.labels[0]?.start ?? 0, `cannot be parsed: ${error.message}`);
  new Visitor({
    ImportDeclaration: ({ source: imported, importKind }) => check(imported, importKind === 'type'),
    ExportAllDeclaration: ({ source: imported }) => check(imported),
    ExportNamedDeclaration: ({ source: imported }) => check(imported),
    ImportExpression: ({ source: imported }) => check(imported),
    TSImportType: ({ source: imported }) => check(imported, true),
    MemberExpression: ({ object, property, start }) => {
      const name = `${'name' in object ? object.name : ''}.${'name' in property ? property.name : ''}`;
      if (name === 'Date.now' || name === 'Math.random') refuseClockOrChance(start, name);
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if ('name' in callee && callee.name === 'Date' && given.length === 0) refuseClockOrChance(start, 'new Date()');
    },
    CallExpression: ({ callee, start }) => {
      if ('name' in callee && callee.name === 'Date') refuseClockOrChance(start, 'Date()');
    },
  }).visit(program);
  return breaches.sort((one, other) => one.line - other.line);
}
