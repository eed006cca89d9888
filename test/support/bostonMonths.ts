import { fileURLToPath } from 'node:url';
import type { Figures } from './builtInSources.ts';

const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
export const NOVEMBER = `${shared}boston-311-2015-11.csv`;
export const DECEMBER = `${shared}boston-311-2015-12.csv`;
export const KANSAS_CITY = `${shared}kansas-city-311-potholes-2020.csv`;
export const SNAPSHOT = '2016-01-12T22:23:00-05:00';
export const SNAPSHOT_AT = Date.parse(SNAPSHOT);
export const NOVEMBER_AT = Date.parse('2015-11-01T00:00:00-04:00');
export const DECEMBER_AT = Date.parse('2015-12-01T00:00:00-05:00');
export const JANUARY_AT = Date.parse('2016-01-01T00:00:00-05:00');

export function figures([opened, closed, closedOverdue, open, openOverdue]: readonly number[]): Figures {
  return { opened, closed, closedOverdue, open, openOverdue } as Figures;
}

/** The table of ../shared/data/README.md: department, November, December. */
const ORACLE = `
PWDx | 3962 / 3646 / 338 / 316 / 201 | 3382 / 2904 / 230 / 478 / 301
ISD | 1785 / 1146 / 408 / 639 / 358 | 1680 / 793 / 260 / 887 / 403
BTDT | 1256 / 1195 / 252 / 61 / 45 | 1295 / 1188 / 263 / 107 / 36
PARK | 598 / 477 / 66 / 121 / 14 | 539 / 384 / 43 / 155 / 27
INFO | 486 / 139 / 13 / 347 / 197 | 467 / 199 / 9 / 268 / 171
HS_O | 232 / 227 / 0 / 5 / 0 | 395 / 206 / 0 / 189 / 0
PROP | 166 / 162 / 4 / 4 / 2 | 129 / 102 / 3 / 27 / 0
GEN_ | 79 / 70 / 0 / 9 / 0 | 99 / 98 / 0 / 1 / 0
DISB | 74 / 74 / 0 / 0 / 0 | 76 / 75 / 0 / 1 / 1
BWSC | 59 / 49 / 8 / 10 / 6 | 72 / 58 / 9 / 14 / 4
ANML | 46 / 1 / 0 / 45 / 0 | 26 / 19 / 0 / 7 / 0
BPS_ | - | 2 / 1 / 1 / 1 / 1
all | 8743 / 7186 / 1089 / 1557 / 823 | 8162 / 6027 / 818 / 2135 / 944`
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((part) => part.trim()) as [string, string, string]);

/** By department, and `all`: of November or December 2015. */
export function oracle(month: 1 | 2): Map<string, Figures> {
  return new Map(
    ORACLE.filter((line) => line[month] !== '-').map((line) => [line[0], figures(line[month].split('/').map(Number))]),
  );
}
