import type { BriefDay, BriefDepartment, BriefTotal } from '../../domain/brief.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { StatisticsCounts, StatisticsGroup } from '../../domain/statistics.ts';
import { DOMAINS, type Domain } from '../../domain/ticket.ts';
import type { WallBrief } from '../../protocol/wire.ts';
import { at, DAY, MINUTE } from './domainBuilders.ts';

/** Daily rates in per cent of this month until the 18th and of the month before, as in the design's picture. */
const RATES = [97.1, 97.8, 98.2, 97.6, 96.9, 97.4, 98, 97.3, 94.6, 96.2, 97.5, 98.1, 98.4, 97.9, 98.3, 98, 98.6, 98.2];
const RATES_BEFORE = [
  96.2, 96, 96.8, 95.9, 95.1, 96.4, 96.7, 96.1, 95.8, 96.3, 95.4, 94.8, 96, 96.6, 96.9, 96.2, 95.7, 96.4,
];

/** Reports and rate per cent of each domain. */
const DOMAIN_MONTH: Readonly<Record<Domain, readonly [opened: number, rate: number]>> = {
  urban: [3052, 95.8],
  livelihood: [2218, 98.2],
  traffic: [1630, 97.9],
  government: [988, 99.8],
  analysis: [539, 99.1],
};

function counts(opened: number, open: number, onTimeRate: number): StatisticsCounts {
  const dueInPeriod = opened - open;
  const onTime = Math.round(onTimeRate * dueInPeriod);
  return {
    opened,
    closed: opened - open,
    closedOverdue: dueInPeriod - onTime,
    open,
    openOverdue: 0,
    dueInPeriod,
    onTimeRate: dueInPeriod === 0 ? null : onTime / dueInPeriod,
  };
}

function total(opened: number, open: number, onTimeRate: number, medianMinutes: number): BriefTotal {
  return {
    ...counts(opened, open, onTimeRate),
    medianFinishMs: medianMinutes * MINUTE,
    judged: 6120,
    passedAtOnce: 6053,
  };
}

function days(startAt: number, rates: readonly number[]): BriefDay[] {
  return rates.map((rate, i) => ({
    startAt: startAt + i * DAY,
    opened: 460,
    dueInPeriod: 450,
    onTimeRate: rate / 100,
  }));
}

function department(group: StatisticsGroup, i: number): BriefDepartment {
  return {
    ...group,
    medianFinishMs: (18 + ((i * 23) % 90)) * MINUTE,
    openAll: group.open + ((i * 7) % 19),
    openOverdueAll: group.openOverdue + (i % 3),
  };
}

/** Departments that the picture of the other scenes leaves out, so that a whole district has to fit. */
function moreDepartments(deployment: Deployment, groups: readonly StatisticsGroup[]): StatisticsGroup[] {
  const known = new Set(groups.map(({ key }) => key));
  const missing = groups.length === 0 ? [] : deployment.departments.filter(({ id }) => !known.has(id));
  return missing.map(({ id }, i) => ({ key: id, ...counts(420 - i * 60, 6, 0.986 - i * 0.004) }));
}

/** The brief of the design's picture: 18 March 2026, 15:42:08. `groups` are the month's departments. */
export function briefFixture(deployment: Deployment, groups: readonly StatisticsGroup[]): WallBrief {
  const now = at('15:42:08');
  const { onTimeRate: _rate, ...sum } = total(8427, 83, 0.975, 26);
  return {
    fromAt: at('00:00', -17),
    toAt: at('00:00', 14),
    at: now,
    total: { ...sum, onTimeRate: 8136 / 8344, closedOverdue: 196, openOverdue: 12 },
    days: days(at('00:00', -17), RATES),
    departments: [...groups, ...moreDepartments(deployment, groups)].map(department),
    domains: DOMAINS.map((key) => ({ key, ...counts(DOMAIN_MONTH[key][0], 16, DOMAIN_MONTH[key][1] / 100) })),
    grids: deployment.grids.map(({ id }, i) => ({
      key: id,
      opened: 12 + ((i * i * 7 + i * 3) % 61),
      overdue: (i * 13) % 17 === 5 ? 1 + (i % 3) : 0,
    })),
    points: 58_612,
    previous: {
      fromAt: at('00:00', -45),
      toAt: at('00:00', -17),
      at: now - 28 * DAY,
      total: total(8115, 91, 0.962, 30),
      days: days(at('00:00', -45), RATES_BEFORE),
    },
    findings: {
      sentences: [
        { subject: '建设局 93.6%、供热公司 91.2%', text: '未达 95% 目标，合计超期 69 件，占全区超期的 33%。' },
        { subject: '电动车乱停乱放', text: '重复上报 312 件，六成集中在 6 个网格，建议增设集中停放点。' },
        { subject: '夜间施工噪声', text: '较上月增 18%，运河苑片区占 41%，建议开展联合夜查。' },
      ],
      confirmedBy: '周*',
      confirmedAt: at('09:12'),
    },
  };
}

/** A month of which nothing is known yet: no source has reported. */
export function emptyBrief(deployment: Deployment): WallBrief {
  const { previous: _previous, findings: _findings, ...brief } = briefFixture(deployment, []);
  const none = { ...counts(0, 0, 0), medianFinishMs: null, judged: 0, passedAtOnce: 0 };
  return {
    ...brief,
    total: none,
    days: brief.days.map(({ startAt }) => ({ startAt, opened: 0, dueInPeriod: 0, onTimeRate: null })),
    domains: DOMAINS.map((key) => ({ key, ...counts(0, 0, 0) })),
    grids: brief.grids.map(({ key }) => ({ key, opened: 0, overdue: 0 })),
    points: 0,
    previous: null,
    findings: null,
  };
}
