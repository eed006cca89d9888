import { setImmediate } from 'node:timers/promises';
import type { BriefDepartment } from '../../domain/brief.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { createDomainHistoryTally, type DomainHistory } from '../../domain/domainHistory.ts';
import { hourlyBand, rankGroups, workingBetween } from '../../domain/history.ts';
import type { WorkingTime } from '../../domain/sla.ts';
import { countsInStatistics, type StatisticsGroup } from '../../domain/statistics.ts';
import { DOMAINS, type Domain, isEnded } from '../../domain/ticket.ts';
import type { WallHistory } from '../../protocol/wire.ts';
import type { LocalTime } from '../localTime.ts';
import { inSlices } from '../slices.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import type { BriefHistory } from './briefHistory.ts';
import type { Audience, Projection } from './projection.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BAND_DAYS = 28;
/** The calendar that a wall needs: limits that began within the last month, and those of the next three weeks. */
const WORKING_DAYS_BACK = 31;
const WORKING_DAYS_AHEAD = 21;
/** Reckons a wall's history from every ticket there is, archived ones too, in slices between which other work goes on. */
export interface HistoryBuilder {
  build(audience: Audience, now: number): Promise<WallHistory>;
}

export function createHistoryBuilder(parts: {
  readonly store: Pick<TicketStore, 'facts' | 'pointsLedger'>;
  readonly deployment: Pick<Deployment, 'rankFloor'>;
  readonly working: WorkingTime;
  readonly localTime: LocalTime;
  readonly projection: Pick<Projection, 'sees' | 'label'>;
  readonly briefs: Pick<BriefHistory, 'begin' | 'forWall'>;
}): HistoryBuilder {
  const { store, deployment, working, localTime, projection, briefs } = parts;
  const workingDays = new Set(working.dayStartsAt);

  return {
    async build(audience, now) {
      const dayStartAt = localTime.dayStart(now);
      /** Local midnights of the last days, today's last; a day of 23 or 25 hours ends where the next begins. */
      const midnights = Array.from({ length: BAND_DAYS + 1 }, (_, i) => localTime.dayStart(now, i - BAND_DAYS));
      const oldestDayAt = midnights[0] as number;
      const yesterdayStartAt = midnights[BAND_DAYS - 1] as number;
      const minutesYesterday = Math.round((dayStartAt - yesterdayStartAt) / MINUTE_MS);
      const reported = new Array<number>(minutesYesterday).fill(0);
      const closed = new Array<number>(minutesYesterday).fill(0);
      const counts = Object.fromEntries(
        DOMAINS.map((domain) => [domain, midnights.slice(0, -1).map(() => new Array<number>(24).fill(0))]),
      ) as Record<Domain, number[][]>;
      const monthStartAt = localTime.monthStart(now);
      const brief = briefs.begin(audience, now);
      const domainTally = createDomainHistoryTally({ oldestDayAt, yesterdayStartAt, dayStartAt, monthStartAt, now });

      let firstReportedAt = Number.POSITIVE_INFINITY;
      await inSlices([...store.facts()], (ticket) => {
        if (!projection.sees(ticket.location.gridId, audience)) return;
        brief.add(ticket);
        if (!countsInStatistics(ticket)) return;
        const { reportedAt, endedAt } = ticket;
        domainTally.add(ticket);
        firstReportedAt = Math.min(firstReportedAt, reportedAt);
        if (reportedAt >= oldestDayAt && reportedAt < dayStartAt) {
          const day = midnights.findLastIndex((midnight) => midnight <= reportedAt);
          const hour = Math.floor((reportedAt + localTime.offsetMinutes(reportedAt) * MINUTE_MS) / HOUR_MS) % 24;
          const ofDay = counts[ticket.domain][day] as number[];
          ofDay[hour] = (ofDay[hour] as number) + 1;
        }
        if (reportedAt >= yesterdayStartAt && reportedAt < dayStartAt) addOne(reported, reportedAt - yesterdayStartAt);
        if (isEnded(ticket.status) && endedAt !== undefined && endedAt >= yesterdayStartAt && endedAt < dayStartAt) {
          addOne(closed, endedAt - yesterdayStartAt);
        }
      });
      await inSlices([...store.pointsLedger()], (award) => {
        if (award.at >= monthStartAt && projection.sees(award.gridId, audience)) brief.addAward(award);
      });
      const figures = brief.figures();

      const isWorkingDay = workingDays.has(dayStartAt);
      const firstDayAt = Number.isFinite(firstReportedAt) ? localTime.dayStart(firstReportedAt) : dayStartAt;
      const compared = midnights
        .slice(0, -1)
        .flatMap((midnight, i) => (midnight >= firstDayAt && workingDays.has(midnight) === isWorkingDay ? [i] : []));
      const bands = Object.fromEntries(
        DOMAINS.map((domain) => [domain, hourlyBand(compared.map((i) => counts[domain][i] as number[]))]),
      ) as WallHistory['bands'];
      const domains: [Domain, DomainHistory][] = [];
      for (const domain of DOMAINS) {
        await setImmediate();
        domains.push([domain, domainTally.of(domain, projection.label)]);
      }
      return {
        dayStartAt,
        yesterday: firstDayAt < dayStartAt ? { reported, closed } : null,
        bands,
        month: {
          fromAt: monthStartAt,
          groups: rankGroups(
            figures.departments.filter(({ opened }) => opened > 0).map(countsOf),
            deployment.rankFloor,
          ).map((group) => ({ ...group, key: projection.label(group.key) })),
        },
        brief: briefs.forWall(figures, audience),
        domains: Object.fromEntries(domains) as WallHistory['domains'],
        working: workingBetween(
          working,
          localTime.dayStart(now, -WORKING_DAYS_BACK),
          localTime.dayStart(now, WORKING_DAYS_AHEAD + 1),
        ),
      };
    },
  };
}

/** The part that is plain statistics. */
function countsOf({
  medianFinishMs: _median,
  openAll: _all,
  openOverdueAll: _late,
  ...group
}: BriefDepartment): StatisticsGroup {
  return group;
}

function addOne(minutes: number[], sinceMs: number): void {
  const minute = Math.floor(sinceMs / MINUTE_MS);
  minutes[minute] = (minutes[minute] ?? 0) + 1;
}
