import type { Alert, AlertChanged } from '../../domain/alarm.ts';
import {
  type AlarmHandling,
  type Condition,
  decideAcknowledge,
  decideCondition,
  decideTimer,
} from '../../domain/alarmDecide.ts';
import { ticketConditions } from '../../domain/alarmRules.ts';
import { createRules, type Decision, decideReport, decideStep, type Rules } from '../../domain/decide.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { DomainHistory } from '../../domain/domainHistory.ts';
import type { HourlyBand, MinuteCounts } from '../../domain/history.ts';
import type { StatisticsGroup } from '../../domain/statistics.ts';
import { DOMAINS, type Domain, type StepReport, type Ticket, type TicketReport } from '../../domain/ticket.ts';
import { evolve, initialWallState, type WallState } from '../../domain/wallState.ts';
import type { Pulse, SubscribeAnswer, WallHistory } from '../../protocol/wire.ts';
import { briefFixture } from './briefFixture.ts';
import { at, HOUR, handWorkingTime, MINUTE } from './domainBuilders.ts';
import { type SeededRandom, seededRandom } from './seededRandom.ts';

/** The moment that every picture of the wall shows: Wednesday 18 March 2026, 15:42:08 in Shanghai. */
export const FIXTURE_NOW = at('15:42:08');
const SEED = 20_260_318;
const EPOCH = 'fixture';

/** Reports of the day so far and how they are spread over its hours, per domain, as in the pictures of the design. */
const DAY: Readonly<
  Record<Domain, { readonly reports: number; readonly peaks: readonly (readonly [number, number])[] }>
> = {
  livelihood: {
    reports: 128,
    peaks: [
      [10, 1.6],
      [15.5, 1.8],
    ],
  },
  traffic: {
    reports: 94,
    peaks: [
      [8, 1.2],
      [13, 3],
    ],
  },
  government: {
    reports: 57,
    peaks: [
      [9.5, 1.2],
      [14.8, 1],
    ],
  },
  analysis: {
    reports: 31,
    peaks: [
      [10, 2],
      [15, 2],
    ],
  },
  urban: {
    reports: 176,
    peaks: [
      [8.5, 1.5],
      [10.8, 1.5],
      [14.8, 1.4],
    ],
  },
};

interface Case {
  readonly report: Partial<TicketReport> & { readonly reportedAt: number };
  readonly steps?: readonly StepReport[];
}

function dispatched(minutesLater: number, reportedAt: number, department?: string): StepReport {
  return {
    step: 'dispatch',
    at: reportedAt + minutesLater * MINUTE,
    ...(department === undefined ? {} : { department }),
  };
}

/** The overdue cases of the picture: two red, four amber. */
function overdueCases(): Case[] {
  const late = (
    title: string,
    category: string,
    gridId: string,
    department: string,
    lateMinutes: number,
    red: boolean,
  ): Case => {
    const dueAt = FIXTURE_NOW - lateMinutes * MINUTE;
    // Red from twice the limit on: the limit is shorter than the delay, or much longer.
    const reportedAt = dueAt - (red ? Math.max(10, lateMinutes * 0.9) : lateMinutes * 3 + 60) * MINUTE;
    return {
      report: { title, category, location: { gridId }, department, reportedAt, dueAt },
      steps: [dispatched(2, reportedAt)],
    };
  };
  const verifying = late('供暖报修未回访', 'heatingSupply', 'mingde-05', 'heating', 18, false);
  return [
    late('雨水井盖缺失', 'drainBlocked', 'hetang-02', 'construction', 134, true),
    late('渣土车沿路遗撒', 'dirtTruck', 'shiqiaonan-03', 'cityEnforcement', 128, true),
    late('公交站牌破损', 'busStop', 'xinhe-02', 'xuzhuangStreet', 72, false),
    { ...verifying, steps: [...(verifying.steps ?? []), { step: 'handle', at: FIXTURE_NOW - 6 * MINUTE, by: '甲' }] },
    late('占道经营反复', 'streetVending', 'yunhe-04', 'cityEnforcement', 9, false),
    late('路灯连片不亮', 'streetLight', 'dongtan-01', 'construction', 3, false),
  ];
}

/** The cases that wait for their limit within the hour. */
function dueSoonCases(): Case[] {
  const departments = [
    'cityEnforcement',
    'construction',
    'cityEnforcement',
    'trafficPolice',
    'cityEnforcement',
    'construction',
    'trafficPolice',
    'cityEnforcement',
    'heating',
  ];
  return [11, 18, 19, 21, 38, 44, 51, 53, 58].map((minutes, i) => {
    const dueAt = FIXTURE_NOW + minutes * MINUTE + 30_000;
    const reportedAt = dueAt - 3 * HOUR;
    return {
      report: {
        category: 'illegalAdvert',
        title: '违规广告张贴',
        location: { gridId: `heyun-0${(i % 8) + 1}` },
        department: departments[i] as string,
        domain: 'urban',
        reportedAt,
        dueAt,
      },
      steps: [dispatched(3, reportedAt)],
    };
  });
}

/** The ten newest rows of the picture, newest first there, oldest first here. */
function newestCases(): Case[] {
  const row = (
    clock: string,
    title: string,
    category: string,
    location: TicketReport['location'],
    steps: (reportedAt: number) => readonly StepReport[],
    leftMinutes = 120,
  ): Case => {
    const reportedAt = at(clock);
    return {
      report: { title, category, location, reportedAt, dueAt: FIXTURE_NOW + leftMinutes * MINUTE + 30_000 },
      steps: steps(reportedAt),
    };
  };
  const handling = (reportedAt: number) => [dispatched(1, reportedAt)];
  const handled = (reportedAt: number): StepReport[] => [
    dispatched(1, reportedAt),
    { step: 'handle', at: reportedAt + 5 * MINUTE, by: '甲' },
  ];
  const closed = (reportedAt: number): StepReport[] => [
    ...handled(reportedAt),
    { step: 'verify', at: reportedAt + 8 * MINUTE, by: '乙' },
  ];
  return [
    row('15:24:20', '噪声扰民重复来电', 'repeatNoise', { gridId: 'yunhe-01' }, handling, 21),
    row('15:26:11', '生活垃圾满溢', 'litter', { gridId: 'liuan-02' }, closed),
    row('15:28:40', '共享单车淤积', 'sharedBikes', { gridId: 'hujing-06' }, closed),
    row('15:30:02', '绿化带树枝折断', 'greenery', { gridId: 'yunju-04' }, handled),
    row('15:33:31', '医保缴费办理咨询', 'medicalInsurance', { address: '便民大厅' }, handled),
    row('15:35:18', '自来水压力不足', 'waterPressure', { gridId: 'liudu-01' }, handling, 90),
    row('15:37:44', '楼道堆放杂物', 'stairwellClutter', { gridId: 'mingde-02' }, handling, 38),
    row('15:39:52', '路口信号灯不亮', 'trafficLight', { gridId: 'jidong-05' }, handling, 114),
    row('15:41:20', '独居老人求助代购药品', 'elderlyCare', { gridId: 'yujing-11' }, () => [
      { step: 'dispatch', at: FIXTURE_NOW - 20_000, department: 'community' },
    ]),
    row('15:42:01', '电动车占用消防通道', 'fireLane', { gridId: 'heyun-03' }, () => []),
  ];
}

function density(hour: number, peaks: readonly (readonly [number, number])[]): number {
  return peaks.reduce((sum, [centre, width]) => sum + Math.exp(-(((hour - centre) / width) ** 2)), 0.04);
}

/** A moment of today before 15:24, drawn by the day's shape. */
function momentOf(domain: Domain, random: SeededRandom): number {
  for (;;) {
    const hour = random.next() * 15.4;
    if (random.next() < density(hour, DAY[domain].peaks)) return at('00:00') + hour * HOUR;
  }
}

/** The bulk of the day and what yesterday left over. */
function ordinaryCases(deployment: Deployment, listed: readonly Case[], random: SeededRandom): Case[] {
  const byDomain = new Map(
    DOMAINS.map((domain) => [domain, deployment.categories.filter((one) => one.domain === domain)]),
  );
  const domainOf = new Map(deployment.categories.map((category) => [category.id, category.domain]));
  const today = (domain: Domain) =>
    listed.filter(
      ({ report }) =>
        report.reportedAt >= at('00:00') && (report.domain ?? domainOf.get(report.category ?? '')) === domain,
    ).length;
  const one = (domain: Domain, reportedAt: number, finished: boolean, waiting: 'handle' | 'verify'): Case => {
    // Another city need not have a category in every domain.
    const own = byDomain.get(domain) ?? [];
    const category = random.pick(own.length > 0 ? own : deployment.categories);
    const grid = random.pick(deployment.grids);
    const dispatchAfter = 1 + random.below(4);
    const handleAfter = dispatchAfter + 4 + random.below(30);
    const steps: StepReport[] = [dispatched(dispatchAfter, reportedAt)];
    if (finished || waiting === 'verify')
      steps.push({ step: 'handle', at: reportedAt + handleAfter * MINUTE, by: '甲' });
    if (finished) steps.push({ step: 'verify', at: reportedAt + (handleAfter + 5) * MINUTE, by: '乙' });
    return {
      report: {
        category: category.id,
        domain,
        title: category.name.zh,
        location: { gridId: grid.id },
        reportedAt,
        ...(finished ? {} : { dueAt: FIXTURE_NOW + (70 + random.below(900)) * MINUTE }),
      },
      steps,
    };
  };
  const cases: Case[] = [];
  let open = 0;
  for (const domain of DOMAINS) {
    for (let i = today(domain); i < DAY[domain].reports; i += 1) {
      const moment = momentOf(domain, random);
      // One in fourteen is still open; those that came in last must have had the time to be finished otherwise.
      const finished = FIXTURE_NOW - moment > HOUR && i % 14 !== 0;
      open += finished ? 0 : 1;
      cases.push(one(domain, moment, finished, open % 4 === 0 ? 'verify' : 'handle'));
    }
  }
  for (let i = 0; i < 56; i += 1) {
    const moment = at('17:00', -1) + i * 3 * MINUTE;
    const carried = one(DOMAINS[i % 5] as Domain, moment, true, 'handle');
    cases.push({
      ...carried,
      report: { ...carried.report, dueAt: FIXTURE_NOW },
      steps: [
        dispatched(3, moment),
        { step: 'handle', at: at('08:40') + i * MINUTE, by: '甲' },
        { step: 'verify', at: at('08:55') + i * MINUTE, by: '乙' },
      ],
    });
  }
  return cases;
}

function band(domain: Domain): HourlyBand {
  const { reports, peaks } = DAY[domain];
  const evening: readonly (readonly [number, number])[] = domain === 'government' ? [] : [[17.6, 2.4]];
  const shape = Array.from({ length: 24 }, (_, hour) => density(hour + 0.5, [...peaks, ...evening]));
  const sum = shape.slice(0, 16).reduce((total, value) => total + value, 0);
  return {
    p10: shape.map((value) => Math.max(0, (value / sum) * reports * 0.62 - 0.6)),
    p90: shape.map((value) => (value / sum) * reports * 1.25 + 1),
  };
}

/** `total` by 15:42, the rest until midnight. */
function minutes(total: number): MinuteCounts {
  const until = 15 * 60 + 42;
  return Array.from({ length: 1440 }, (_, i) => {
    const before = Math.floor((Math.min(i, until) * total) / until);
    const after = Math.floor((Math.min(i + 1, until) * total) / until);
    return i < until ? after - before : Number(i % 4 === 0);
  });
}

function department(key: string, onTimeRate: number, dueInPeriod: number): StatisticsGroup {
  const onTime = Math.round(onTimeRate * dueInPeriod);
  return {
    key,
    opened: dueInPeriod + 12,
    closed: dueInPeriod,
    closedOverdue: dueInPeriod - onTime,
    open: 12,
    openOverdue: 0,
    dueInPeriod,
    onTimeRate: dueInPeriod === 0 ? null : onTime / dueInPeriod,
  };
}

/** Of each domain: yesterday's reports and ends by 15:42, groups of repeat reports, and the month. They add up to `minutes`. */
const BEFORE: Readonly<
  Record<Domain, { readonly reported: number; readonly closed: number; readonly repeated: number; rate: number }>
> = {
  livelihood: { reported: 118, closed: 112, repeated: 3, rate: 0.964 },
  traffic: { reported: 97, closed: 92, repeated: 4, rate: 0.978 },
  government: { reported: 52, closed: 50, repeated: 1, rate: 0.991 },
  analysis: { reported: 17, closed: 18, repeated: 2, rate: 0.942 },
  urban: { reported: 168, closed: 159, repeated: 7, rate: 0.958 },
};

/** How long a limit lasts, in the real time that most of its tickets have. */
function limitMsOf({ limit }: Deployment['categories'][number]): number | null {
  switch (limit?.clock) {
    case undefined:
      return null;
    case 'clockHours':
      return limit.amount * MINUTE;
    case 'workingHours':
      return limit.amount * 2 * MINUTE;
    case 'workingDays':
      return limit.amount * 26 * HOUR;
  }
}

function domainHistory(domain: Domain, categories: Deployment['categories']): DomainHistory {
  const { reported, closed, repeated, rate } = BEFORE[domain];
  const minutesOf = (total: number) => minutes(total).flatMap((count, minute) => new Array<number>(count).fill(minute));
  return {
    yesterday: {
      reportedMinutes: minutesOf(reported),
      closedMinutes: minutesOf(closed),
      repeatedMinutes: minutesOf(repeated),
    },
    month: { ...department(domain, rate, reported * 17), key: domain },
    medianMs: 31 * MINUTE,
    categories: categories
      .filter((category) => category.domain === domain)
      .map((category, i) => {
        const limitMs = limitMsOf(category);
        const medianMs = (limitMs ?? 4 * HOUR) * (0.16 + ((i * 7) % 10) * 0.025);
        return {
          category: category.id,
          finished: 40 + ((i * 37) % 90),
          p10Ms: medianMs * 0.45,
          medianMs,
          p90Ms: medianMs * (1.6 + (i % 4) * 0.5),
          limitMs,
        };
      }),
  };
}

/** The month by department, as in the picture of the design. */
function monthGroups(): StatisticsGroup[] {
  return [
    department('heating', 0.912, 340),
    department('construction', 0.936, 610),
    department('cityEnforcement', 0.958, 1820),
    department('ecology', 0.963, 350),
    department('market', 0.974, 430),
    department('community', 0.982, 900),
    department('trafficPolice', 0.985, 1310),
    department('approval', 0.991, 1102),
    department('livelihoodBureau', 0.993, 420),
    department('waterUtility', 0.996, 260),
    department('powerUtility', 1, 4),
  ];
}

function history(deployment: Deployment): WallHistory {
  const groups = monthGroups();
  return {
    dayStartAt: at('00:00'),
    yesterday: { reported: minutes(452), closed: minutes(431) },
    bands: Object.fromEntries(DOMAINS.map((domain) => [domain, band(domain)])) as Record<Domain, HourlyBand>,
    month: {
      fromAt: at('00:00', -17),
      groups,
    },
    domains: Object.fromEntries(
      DOMAINS.map((domain) => [domain, domainHistory(domain, deployment.categories)]),
    ) as WallHistory['domains'],
    working: handWorkingTime(),
    brief: briefFixture(deployment, groups),
  };
}

/** Who has taken which of the late cases of the picture, and when; names as the server masks them. */
const HELD: Readonly<Record<string, readonly [by: string, clock: string]>> = {
  渣土车沿路遗撒: ['赵*', '15:36'],
  公交站牌破损: ['钱*', '14:35'],
  供暖报修未回访: ['孙*', '15:29'],
};
/** The cases of the picture that nobody has taken. */
const WAITING: readonly string[] = ['雨水井盖缺失', '占道经营反复', '路灯连片不亮'];

export function fixtureHandling({ alarms, dispositions }: Deployment): AlarmHandling {
  return { ...alarms.handling, dispositions: dispositions.map(({ id }) => id) };
}

/** An alert as the server would have raised it: amber first, red from its time on, then up the ladder until it is taken. */
function raisedAlert(condition: Condition, ticket: Ticket, untilAt: number, handling: AlarmHandling): AlertChanged[] {
  const events: AlertChanged[] = [];
  const add = (event: AlertChanged | undefined) => {
    if (event !== undefined) events.push(event);
  };
  const moment = (at: number) => ({ at, recordedAt: at, handling });
  const { criticalAt = condition.sinceAt } = ticket;
  const worsens = condition.kind === 'overdue' && condition.severity === 'critical' && criticalAt > condition.sinceAt;
  const first: Condition = worsens ? { ...condition, severity: 'high' } : condition;
  add(decideCondition(undefined, first, moment(condition.sinceAt)));
  if (worsens) add(decideCondition(events.at(-1)?.alert, condition, moment(criticalAt)));
  for (;;) {
    const climbAt = events.at(-1)?.alert.climbAt;
    if (climbAt === undefined || climbAt > untilAt) return events;
    add(decideTimer(events.at(-1)?.alert as Alert, undefined, moment(climbAt)));
  }
}

/** What stands at the moment of the picture. Of late cases that are not in it, every `takenOf`-th is taken. */
function alertsOf(board: WallState, rules: Rules, takenOf: number): AlertChanged[] {
  const handling = fixtureHandling(rules.deployment);
  const communityOfGrid = new Map(rules.deployment.grids.map((grid) => [grid.id, grid.communityId]));
  const communityOf = (gridId: string) => communityOfGrid.get(gridId);
  const events: AlertChanged[] = [];
  let late = 0;
  for (const ticket of board.tickets.values()) {
    for (const condition of ticketConditions(rules, {}, communityOf, ticket, FIXTURE_NOW).conditions) {
      const isLate = condition.kind === 'overdue';
      if (isLate) late += 1;
      const taken = isLate && !WAITING.includes(ticket.title) && late % takenOf === 0;
      const [by, clock] = HELD[ticket.title] ?? (taken ? ['李*', '15:41'] : []);
      const raised = raisedAlert(condition, ticket, clock === undefined ? FIXTURE_NOW : at(clock), handling);
      events.push(...raised);
      const alert = raised.at(-1)?.alert;
      if (alert === undefined || by === undefined || clock === undefined) continue;
      const takenAt = Math.max(at(clock), alert.changedAt + 1000);
      const seen = decideAcknowledge(
        alert,
        { actor: by, disposition: 'phoned', nextCheckAt: FIXTURE_NOW + 18 * MINUTE },
        { at: takenAt, recordedAt: takenAt, handling },
      );
      if (seen.outcome !== 'accepted') throw new Error(`${ticket.title} was not taken: ${JSON.stringify(seen)}`);
      events.push(seen.event);
    }
  }
  return events.sort((a, b) => a.at - b.at);
}

/** The `count` grids of a street that lie nearest to one of them. */
function gridsNear(deployment: Deployment, gridId: string, count: number): string[] {
  const streetOf = new Map(deployment.communities.map(({ id, streetId }) => [id, streetId]));
  const middle = deployment.grids.find(({ id }) => id === gridId);
  if (middle === undefined) throw new Error(`no grid ${gridId}`);
  const distance = ({ tile }: Deployment['grids'][number]) => {
    const [q, r] = [tile.q - middle.tile.q, tile.r - middle.tile.r];
    return Math.max(Math.abs(q), Math.abs(r), Math.abs(q + r));
  };
  return deployment.grids
    .filter(({ communityId }) => streetOf.get(communityId) === streetOf.get(middle.communityId))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, count)
    .map(({ id }) => id);
}

/** A downpour: many cases late within minutes, about few causes. */
function downpourCases(deployment: Deployment): Case[] {
  const cause = (
    title: string,
    category: string,
    department: string,
    around: string,
    [red, amber]: readonly [number, number],
    grids: number,
  ): Case[] => {
    const places = gridsNear(deployment, around, grids);
    return Array.from({ length: red + amber }, (_, i): Case => {
      const isRed = i < red;
      const dueAt = FIXTURE_NOW - (isRed ? 11 + (i % 3) : 1 + ((i * 3) % 9)) * MINUTE;
      const reportedAt = dueAt - (isRed ? 10 : 180) * MINUTE;
      const location = { gridId: places[i % places.length] as string };
      return {
        report: { title, category, location, department, reportedAt, dueAt },
        steps: [dispatched(2, reportedAt)],
      };
    });
  };
  return [
    ...cause('道路积水', 'roadFlooding', 'construction', 'hetang-02', [5, 9], 9),
    ...cause('树木倒伏断枝', 'greenery', 'cityEnforcement', 'yunhe-04', [2, 4], 5),
    ...cause('排水口堵塞', 'drainBlocked', 'construction', 'dongtan-01', [0, 4], 3),
    ...cause('交通信号灯故障', 'trafficLight', 'trafficPolice', 'xinhe-02', [2, 0], 2),
  ];
}

/** Forty dangers at once, of six kinds, all over the district. */
function dangerCases(deployment: Deployment): Case[] {
  const kinds = deployment.categories.filter(({ safety }) => safety === true).slice(0, 6);
  return Array.from({ length: 40 }, (_, i): Case => {
    const kind = kinds[i % kinds.length] as Deployment['categories'][number];
    const dueAt = FIXTURE_NOW - (1 + (i % 9)) * MINUTE;
    const reportedAt = dueAt - 60 * MINUTE;
    const gridId = (deployment.grids[(i * 5) % deployment.grids.length] as Deployment['grids'][number]).id;
    return {
      report: { title: kind.name.zh, category: kind.id, location: { gridId }, reportedAt, dueAt },
      steps: [dispatched(2, reportedAt)],
    };
  });
}

export interface FixtureOptions {
  /** `none`: a calm board; `many`: more overdue tickets than the list has rows. */
  readonly overdue?: 'picture' | 'none' | 'many';
  /** A flood of alerts: after a downpour, as in the design's picture, or of forty dangers at once. */
  readonly flood?: 'downpour' | 'dangers';
}

export interface BoardFixture {
  readonly snapshot: Extract<SubscribeAnswer, { readonly kind: 'snapshot' }>;
  readonly pulse: Pulse;
}

/** The board of the design's picture, made by the product's own decisions from the bundled district. */
export function boardFixture(deployment: Deployment, options: FixtureOptions = {}): BoardFixture {
  const random = seededRandom(SEED);
  const rules: Rules = createRules(deployment, handWorkingTime());
  const overdue = options.overdue === 'none' ? [] : overdueCases();
  const more: Case[] =
    options.overdue !== 'many'
      ? []
      : deployment.grids.slice(0, 150).flatMap((grid, i): Case[] => {
          if (i % 6 !== 0) return [];
          const dueAt = FIXTURE_NOW - (4 + i) * MINUTE;
          const reportedAt = dueAt - (i % 4 === 0 ? 10 : 400) * MINUTE;
          const report = {
            title: '道路积水',
            category: 'roadFlooding',
            location: { gridId: grid.id },
            reportedAt,
            dueAt,
          };
          return [{ report, steps: [dispatched(2, reportedAt)] }];
        });
  const flooding =
    options.flood === 'downpour'
      ? downpourCases(deployment)
      : options.flood === 'dangers'
        ? dangerCases(deployment)
        : [];
  const listed = [...overdue, ...more, ...flooding, ...dueSoonCases(), ...newestCases()];
  const cases = [...listed, ...ordinaryCases(deployment, listed, random)].sort(
    (a, b) => a.report.reportedAt - b.report.reportedAt,
  );

  const board = initialWallState();
  let seq = 0;
  const take = (decision: Decision, what: string) => {
    if (decision.outcome !== 'accepted') throw new Error(`${what} was not accepted: ${JSON.stringify(decision)}`);
    for (const event of decision.events) {
      evolve(board, event);
      seq += 1;
    }
  };
  for (const [i, { report, steps = [] }] of cases.entries()) {
    const id = `T-${i + 1}`;
    const full = {
      id,
      source: 'grid',
      category: 'litter',
      title: '生活垃圾满溢',
      location: { gridId: 'heyun-03' },
      ...report,
    };
    const number = `GD-260318-${(i + 1).toString().padStart(4, '0')}`;
    const given = { rules, now: report.reportedAt, contentHash: id, number: () => number };
    take(decideReport(full, undefined, given), id);
    for (const step of steps) {
      const ticket = board.tickets.get(id);
      if (ticket === undefined) throw new Error(`${id} is not on the board`);
      const now = step.at ?? report.reportedAt;
      take(decideStep(ticket, step, { rules, now, contentHash: `${id}/${step.step}`, mergeTarget: undefined }), id);
    }
  }

  const takenOf = options.flood === 'dangers' ? Number.POSITIVE_INFINITY : options.flood === 'downpour' ? 4 : 2;
  for (const event of alertsOf(board, rules, takenOf)) {
    evolve(board, event);
    seq += 1;
  }
  if (options.flood !== undefined) {
    const beganAt = FIXTURE_NOW - 5 * MINUTE;
    const recent = board.raises.filter((raise) => raise.at > beganAt - 10 * MINUTE && raise.at <= beganAt).length;
    evolve(board, { type: 'floodChanged', at: beganAt, recordedAt: beganAt, active: true, recent });
    seq += 1;
  }

  const clock = { mode: 'live', speed: 1 } as const;
  const ages = [3, 8, 12, 5, 41, 20];
  return {
    snapshot: {
      ok: true,
      kind: 'snapshot',
      epoch: EPOCH,
      seq,
      at: FIXTURE_NOW,
      board: {
        deployment,
        tickets: [...board.tickets.values()],
        alerts: [...board.alerts.values()],
        raises: board.raises,
        ...(board.flood === undefined ? {} : { flood: board.flood }),
      },
      history: history(deployment),
      clock,
    },
    pulse: {
      epoch: EPOCH,
      seq,
      at: FIXTURE_NOW,
      clock,
      sources: deployment.sources.map((source, i) => ({
        id: source.id,
        kind: 'feed',
        state: 'live',
        lastEventAt: FIXTURE_NOW - (ages[i] ?? 10) * 1000,
        ageMs: (ages[i] ?? 10) * 1000,
      })),
    },
  };
}
