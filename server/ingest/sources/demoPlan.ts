import { DateTime } from 'luxon';
import type { Category, Deployment, Grid } from '../../../domain/deployment.ts';
import { addWorkingMs, deadline, type WorkingTime, workingMsBetween } from '../../../domain/sla.ts';
import type { Domain, StepReport, TicketReport } from '../../../domain/ticket.ts';
import {
  CATEGORY_CONTENT,
  DAILY_CASE,
  DOMAIN_CONTENT,
  HOT_GRIDS,
  inventedName,
  LENT_DEPARTMENT,
  NOTES,
  ON_TIME_SHARE,
  STREET_DEPARTMENTS,
  USUAL_ON_TIME_SHARE,
} from './demoContent.ts';
import { createSeededRandom, type SeededRandom, seedOf } from './seededRandom.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Reports on an ordinary working day. */
const REPORTS_PER_WORKING_DAY = 535;
/** No plan of a ticket runs longer. */
export const LONGEST_PLAN_DAYS = 21;

/** Chances of what may happen to a ticket. */
const CHANCE = {
  settledOnTheSpot: 0.4,
  leftToTheEnd: 0.14,
  onCall: 0.7,
  returned: 0.03,
  reworked: 0.025,
  extended: 0.015,
  suspended: 0.008,
  noted: 0.06,
  closedUnverified: 0.012,
  void: 0.006,
  repeated: 0.03,
  repeatedAnalysis: 0.35,
  mergedRepeat: 0.2,
  escalatedLate: 0.5,
  urgent: 0.03,
  counterWithoutGrid: 0.6,
  lentToStreet: 0.4,
} as const;

type PlannedStep = StepReport & { readonly id: string; readonly at: number };

/** A ticket of the demo with everything that will happen to it. */
export interface PlannedTicket {
  readonly report: TicketReport & { readonly id: string; readonly reportedAt: number };
  /** In the order of time. */
  readonly steps: readonly PlannedStep[];
}

export interface DemoPlan {
  /** The tickets reported on a local day (`yyyy-MM-dd`), in the order of time; the same at every call. */
  ticketsOf(day: string): readonly PlannedTicket[];
  /** The local day on which a demo ticket was reported, from its id; undefined for any other ticket. */
  dayOf(ticketId: string): string | undefined;
}

/** How the id of every demo ticket of this seed begins. */
export function demoIdPrefix(seed: number): string {
  return `demo${seed}-`;
}

interface Weighted<T> {
  readonly items: readonly T[];
  /** Sum of the weights up to and with each item. */
  readonly sums: readonly number[];
}

function weighted<T>(items: readonly T[], weightOf: (item: T) => number): Weighted<T> {
  let sum = 0;
  return { items, sums: items.map((item) => (sum += weightOf(item))) };
}

function pickWeighted<T>(random: SeededRandom, { items, sums }: Weighted<T>): T | undefined {
  const target = random.next() * (sums.at(-1) ?? 0);
  return items[sums.findIndex((sum) => sum > target)];
}

/** A seeded district: who reports what, where and when, and how it goes on. Pure: everything follows from the seed and the day. */
export function createDemoPlan(deployment: Deployment, working: WorkingTime, seed: number): DemoPlan {
  const idPrefix = demoIdPrefix(seed);
  const domains = (Object.keys(DOMAIN_CONTENT) as Domain[]).filter((domain) =>
    deployment.categories.some((category) => category.domain === domain),
  );
  const departments = new Set(deployment.departments.map((department) => department.id));
  const sourceIds = new Set(deployment.sources.map((source) => source.id));
  const community = new Map(deployment.communities.map((entry) => [entry.id, entry]));
  const gridNumber = new Map(deployment.grids.map((grid, i) => [grid.id, i]));
  const grids = weighted(deployment.grids, (grid) => {
    const busy = createSeededRandom(seedOf(seed, 'grid', grid.id)).logNormal(1, 0.7);
    const rural = community.get(grid.communityId)?.kind === 'rural';
    return busy * (HOT_GRIDS[grid.id] ?? 1) * (rural ? 0.45 : 1);
  });

  function categoriesOf(domain: Domain, month: number): Weighted<Category> {
    const own = deployment.categories.filter((category) => category.domain === domain);
    return weighted(own, ({ id }) => {
      const content = CATEGORY_CONTENT[id];
      const inSeason = content?.months === undefined || content.months.includes(month);
      return (content?.weight ?? 1) * (inSeason ? 1 : 0.25);
    });
  }

  /** Who works in a grid: one officer each (一格一员). */
  function officerOf(grid: Grid): { id: string; name: string } {
    const name = grid.id === DAILY_CASE.gridId ? DAILY_CASE.reporter : inventedName((gridNumber.get(grid.id) ?? 0) * 7);
    return { id: `W-${grid.id}`, name };
  }

  function sourceOf(random: SeededRandom, domain: Domain): string {
    const known = Object.entries(DOMAIN_CONTENT[domain].sources).filter(([label]) => sourceIds.has(label));
    const usual = pickWeighted(
      random,
      weighted(known, ([, weight]) => weight),
    );
    return usual?.[0] ?? random.pick([...sourceIds]) ?? 'demo';
  }

  function reportOf(
    random: SeededRandom,
    id: string,
    domain: Domain,
    reportedAt: number,
    month: number,
    earlier: readonly PlannedTicket[],
  ): PlannedTicket['report'] & { readonly repeats?: PlannedTicket } {
    const repeatChance = domain === 'analysis' ? CHANCE.repeatedAnalysis : CHANCE.repeated;
    const repeats = random.chance(repeatChance)
      ? random.pick(earlier.filter((ticket) => ticket.report.domain === domain).slice(-12))
      : undefined;
    const category =
      repeats === undefined
        ? (pickWeighted(random, categoriesOf(domain, month)) as Category)
        : (deployment.categories.find((entry) => entry.id === repeats.report.category) as Category);
    const content = CATEGORY_CONTENT[category.id];
    const grid = pickWeighted(random, grids);
    const atCounter = domain === 'government' && random.chance(CHANCE.counterWithoutGrid);
    const source = sourceOf(random, domain);
    const place = grid === undefined ? undefined : community.get(grid.communityId)?.name.zh;
    const location = repeats?.report.location ?? {
      ...(atCounter || grid === undefined ? {} : { gridId: grid.id }),
      address: atCounter || place === undefined ? '便民大厅' : `${place}${1 + random.below(28)}号楼`,
    };
    const reporter =
      source === 'grid' && grid !== undefined
        ? officerOf(repeats === undefined ? grid : (deployment.grids.find((own) => own.id === location.gridId) ?? grid))
        : {
            name: inventedName(random.below(200)),
            phone: `1390000${String(random.below(10_000)).padStart(4, '0')}`,
          };
    const title = repeats?.report.title ?? (content === undefined ? category.name.zh : random.pick(content.titles));
    const helpers = (content?.assist ?? []).filter((department) => departments.has(department));
    const assistDepartments = helpers.filter(() => random.chance(0.5));
    const lent = category.department === LENT_DEPARTMENT && random.chance(CHANCE.lentToStreet);
    const street = community.get(
      deployment.grids.find((own) => own.id === location.gridId)?.communityId ?? '',
    )?.streetId;
    const lentTo = lent && street !== undefined ? STREET_DEPARTMENTS[street] : undefined;
    const priority = category.safety === true ? 'high' : random.chance(CHANCE.urgent) ? 'high' : undefined;
    return {
      id,
      source,
      domain,
      category: category.id,
      title,
      description: `${location.address ?? ''}，${title}，反映人 ${reporter.name}`,
      ...(priority === undefined ? {} : { priority }),
      location,
      ...(lentTo !== undefined && departments.has(lentTo) ? { department: lentTo } : {}),
      ...(assistDepartments.length === 0 ? {} : { assistDepartments }),
      reporter,
      reportedAt,
      ...(repeats === undefined ? {} : { repeats }),
    };
  }

  /** When the work is done: mostly early in the limit, some at its end, a few late by a long tail. */
  function handledAt(random: SeededRandom, category: Category, department: string, reportedAt: number): number {
    const onTime = random.chance(ON_TIME_SHARE[department] ?? USUAL_ON_TIME_SHARE);
    const { limit } = category;
    const dueAt = limit === undefined ? reportedAt + 4 * HOUR_MS : deadline(working, limit, reportedAt);
    if (!onTime && limit !== undefined) {
      return limit.clock === 'clockHours'
        ? dueAt + random.logNormal(0.7 * limit.amount * MINUTE_MS, 1.1)
        : addWorkingMs(working, dueAt, random.logNormal(2.5 * HOUR_MS, 1));
    }
    // Most finish early; some are left to the end of their limit, and are what the due-soon lane shows
    const part = (median: number) =>
      random.chance(CHANCE.leftToTheEnd) ? 0.5 + 0.49 * random.next() : Math.min(random.logNormal(median, 0.8), 0.98);
    switch (limit?.clock) {
      case undefined:
      case 'clockHours':
        return reportedAt + part(0.085) * (dueAt - reportedAt);
      case 'workingHours':
      case 'workingDays': {
        const allowedMs = workingMsBetween(working, reportedAt, dueAt);
        const workMs = part(limit.clock === 'workingDays' ? 0.13 : 0.12) * allowedMs;
        const doneAt = addWorkingMs(working, reportedAt, workMs);
        // Somebody is on call outside hours, and does what can be done in one go
        const isIdle = doneAt - reportedAt > workMs + 2 * HOUR_MS;
        return isIdle && random.chance(CHANCE.onCall) ? Math.min(doneAt, reportedAt + workMs) : doneAt;
      }
    }
  }

  function stepsOf(
    random: SeededRandom,
    report: PlannedTicket['report'],
    category: Category,
    repeats: PlannedTicket | undefined,
  ): PlannedStep[] {
    const { reportedAt } = report;
    const steps: PlannedStep[] = [];
    const department = report.department ?? category.department ?? deployment.fallback.department ?? '';
    const latestAt = reportedAt + LONGEST_PLAN_DAYS * DAY_MS;
    let previousAt = reportedAt;
    /** Whole seconds, each after the one before. */
    const add = (at: number, step: Omit<StepReport, 'id' | 'at'>): void => {
      previousAt = Math.min(Math.max(Math.round(at / 1000) * 1000, previousAt + 1000), latestAt);
      steps.push({ id: `s${steps.length + 1}`, at: previousAt, ...step });
    };
    const minutes = (median: number, sigma: number) => random.logNormal(median, sigma) * MINUTE_MS;
    const seat = inventedName(random.below(20));
    const hand = inventedName(20 + random.below(180));

    const carriesOn = repeats?.steps.every((step) => step.step !== 'merge' && step.step !== 'void');
    if (repeats !== undefined && carriesOn && random.chance(CHANCE.mergedRepeat)) {
      add(reportedAt + minutes(9, 0.5), { step: 'merge', into: repeats.report.id, by: seat, note: NOTES.merge[0] });
      return steps;
    }
    if (random.chance(CHANCE.void)) {
      add(reportedAt + minutes(15, 0.6), { step: 'void', by: seat, note: NOTES.void[0] });
      return steps;
    }

    const settled =
      report.source === 'grid' &&
      category.safety !== true &&
      category.limit?.clock !== 'workingDays' &&
      random.chance(CHANCE.settledOnTheSpot);
    let handler = hand;
    if (settled) {
      handler = report.reporter?.name ?? hand;
      add(reportedAt + minutes(7, 0.6), { step: 'handle', by: handler, note: random.pick(NOTES.settle) });
    } else {
      const doneAt = handledAt(random, category, department, reportedAt);
      const dueAt = category.limit === undefined ? undefined : deadline(working, category.limit, reportedAt);
      const acceptedAt = reportedAt + minutes(DOMAIN_CONTENT[category.domain].acceptMinutes, 0.7);
      add(Math.min(acceptedAt, (reportedAt + doneAt) / 2), { step: 'dispatch', by: seat, department });
      if (random.chance(CHANCE.returned)) {
        add(previousAt + minutes(6, 0.6), { step: 'return', by: hand, note: random.pick(NOTES.return) });
        add(previousAt + minutes(4, 0.6), { step: 'dispatch', by: seat, department });
      }
      const share = (part: number) => previousAt + (doneAt - previousAt) * part;
      if (dueAt !== undefined && doneAt < dueAt && random.chance(CHANCE.extended)) {
        const longer = dueAt + Math.max(HOUR_MS, (dueAt - reportedAt) / 2);
        add(share(0.6), {
          step: 'extend',
          by: seat,
          dueAt: Math.round(longer / 1000) * 1000,
          note: random.pick(NOTES.extend),
        });
      } else if (doneAt - previousAt > HOUR_MS && random.chance(CHANCE.suspended)) {
        add(share(0.3), { step: 'suspend', by: seat, note: random.pick(NOTES.suspend) });
        add(share(0.8), { step: 'resume', by: seat, note: NOTES.resume[0] });
      } else if (dueAt !== undefined && doneAt > dueAt && random.chance(CHANCE.escalatedLate)) {
        add(dueAt + (doneAt - dueAt) * 0.4, { step: 'escalate', by: seat, note: NOTES.escalate[0] });
      } else if (random.chance(CHANCE.noted)) {
        add(share(0.5), { step: 'note', by: seat, note: random.pick(NOTES.note) });
      }
      add(doneAt, { step: 'handle', by: hand, note: random.pick(NOTES.handle) });
    }

    if (random.chance(CHANCE.closedUnverified)) {
      add(previousAt + minutes(20, 0.8), { step: 'close', by: seat });
      return steps;
    }
    // Who handled does not verify
    const verifier = seat === handler ? inventedName(19 - SEATS.indexOf(seat)) : seat;
    const checkMinutes = () => Math.min(random.logNormal(5, 1.75), 14 * 60) * MINUTE_MS;
    if (random.chance(CHANCE.reworked)) {
      add(previousAt + checkMinutes(), { step: 'rework', by: verifier, note: random.pick(NOTES.rework) });
      add(previousAt + minutes(35, 0.8), { step: 'handle', by: handler, note: random.pick(NOTES.handle) });
    }
    add(previousAt + checkMinutes(), { step: 'verify', by: verifier, note: random.pick(NOTES.verify) });
    if (deployment.closeAfterVerify === undefined) add(previousAt + minutes(2, 0.5), { step: 'close', by: verifier });
    return steps;
  }

  function dailyCase(day: DateTime): PlannedTicket | undefined {
    const grid = deployment.grids.find((own) => own.id === DAILY_CASE.gridId);
    const listed = deployment.categories.find((own) => own.id === DAILY_CASE.category);
    if (grid === undefined || listed === undefined) return undefined;
    const at = (clock: string) => {
      const [hour, minute] = clock.split(':').map(Number) as [number, number];
      return day.set({ hour, minute }).toMillis();
    };
    const { handle, verify } = DAILY_CASE;
    return {
      report: {
        id: `${idPrefix}${day.toFormat('yyyyMMdd')}-case`,
        source: DAILY_CASE.source,
        domain: listed.domain,
        category: listed.id,
        title: DAILY_CASE.title,
        description: DAILY_CASE.description,
        location: { gridId: grid.id, address: `${community.get(grid.communityId)?.name.zh ?? ''}3号楼` },
        reporter: officerOf(grid),
        reportedAt: at(DAILY_CASE.reportedAt),
      },
      steps: [
        { id: 's1', step: 'handle', at: at(handle.at), by: handle.by, note: handle.note },
        { id: 's2', step: 'verify', at: at(verify.at), by: verify.by, note: verify.note },
      ],
    };
  }

  function ticketsOf(dayText: string): readonly PlannedTicket[] {
    const day = DateTime.fromISO(dayText, { zone: deployment.timeZone });
    const startAt = day.toMillis();
    const endAt = day.plus({ days: 1 }).toMillis();
    const random = createSeededRandom(seedOf(seed, dayText));
    const isWorked = workingMsBetween(working, startAt, endAt) > 0;
    const mood = Math.exp(0.07 * random.normal());
    const arrivals: { at: number; domain: Domain }[] = [];
    for (const domain of domains) {
      const { share, byHour, onDaysOff } = DOMAIN_CONTENT[domain];
      const perDay = REPORTS_PER_WORKING_DAY * share * mood * (isWorked ? 1 : onDaysOff);
      const sum = byHour.reduce((a, b) => a + b, 0);
      for (const [hour, weight] of byHour.entries()) {
        for (let left = random.count((perDay * weight) / sum); left > 0; left -= 1) {
          const at = startAt + Math.floor((hour + random.next()) * 3600) * 1000;
          // A day on which the clocks go forward has no 24th hour
          if (at < endAt) arrivals.push({ at, domain });
        }
      }
    }
    arrivals.sort((a, b) => a.at - b.at);

    const code = dayText.replaceAll('-', '');
    const tickets: PlannedTicket[] = [];
    for (const [i, { at, domain }] of arrivals.entries()) {
      const id = `${idPrefix}${code}-${String(i + 1).padStart(4, '0')}`;
      const own = createSeededRandom(seedOf(seed, dayText, i));
      const { repeats, ...report } = reportOf(own, id, domain, at, day.month, tickets);
      const category = deployment.categories.find((entry) => entry.id === report.category) as Category;
      tickets.push({ report, steps: stepsOf(own, report, category, repeats) });
    }
    const quoted = dailyCase(day);
    if (quoted === undefined) return tickets;
    return [...tickets, quoted].sort((a, b) => a.report.reportedAt - b.report.reportedAt);
  }

  return {
    ticketsOf,
    dayOf(ticketId) {
      if (!ticketId.startsWith(idPrefix)) return undefined;
      const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)-/.exec(ticketId.slice(idPrefix.length)) ?? [];
      return year === undefined ? undefined : `${year}-${month}-${day}`;
    },
  };
}

const SEATS = Array.from({ length: 20 }, (_, i) => inventedName(i));
