import { setImmediate } from 'node:timers/promises';
import type { Deployment } from '../../domain/deployment.ts';
import { createDomainHistoryTally, type DomainHistory } from '../../domain/domainHistory.ts';
import { hourlyBand, rankGroups, workingBetween } from '../../domain/history.ts';
import type { WorkingTime } from '../../domain/sla.ts';
import { countsInStatistics, createStatisticsTally } from '../../domain/statistics.ts';
import { DOMAINS, type Domain, isEnded } from '../../domain/ticket.ts';
import type { WallHistory } from '../../protocol/wire.ts';
import type { LocalTime } from '../localTime.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import type { Audience, Projection } from './projection.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BAND_DAYS = 28;
/** The calendar that a wall needs: limits that began within the last month, and those of the next three weeks. */
const WORKING_DAYS_BACK = 31;
const WORKING_DAYS_AHEAD = 21;
/** The event loop is given free after so long. */
const SLICE_MS = 5;
/** Tickets between two looks at the time; a few tenths of a millisecond. */
const TICKETS_BETWEEN_LOOKS = 200;

/** Reckons a wall's history from every ticket there is, archived ones too, in slices between which other work goes on. */
export interface HistoryBuilder {
  build(audience: Audience, now: number): Promise<WallHistory>;
}

export function createHistoryBuilder(parts: {
  readonly store: Pick<TicketStore, 'facts'>;
  readonly deployment: Pick<Deployment, 'rankFloor'>;
  readonly working: WorkingTime;
  readonly localTime: LocalTime;
  readonly projection: Pick<Projection, 'sees' | 'label'>;
}): HistoryBuilder {
  const { store, deployment, working, localTime, projection } = parts;
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
      const month = createStatisticsTally(
        { fromAt: monthStartAt, toAt: now + 1, at: now },
        (ticket) => ticket.department,
      );
      const domainTally = createDomainHistoryTally({ oldestDayAt, yesterdayStartAt, dayStartAt, monthStartAt, now });

      let firstReportedAt = Number.POSITIVE_INFINITY;
      let sliceStartedAt = performance.now();
      let sinceLook = 0;
      for (const ticket of [...store.facts()]) {
        sinceLook += 1;
        if (sinceLook === TICKETS_BETWEEN_LOOKS) {
          sinceLook = 0;
          if (performance.now() - sliceStartedAt > SLICE_MS) {
            await setImmediate();
            sliceStartedAt = performance.now();
          }
        }
        if (!projection.sees(ticket.location.gridId, audience) || !countsInStatistics(ticket)) continue;
        const { reportedAt, endedAt } = ticket;
        domainTally.add(ticket);
        firstReportedAt = Math.min(firstReportedAt, reportedAt);
        if (reportedAt >= monthStartAt) month.add(ticket);
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
      }

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
          groups: rankGroups(month.groups(), deployment.rankFloor).map((group) => ({
            ...group,
            key: projection.label(group.key),
          })),
        },
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

function addOne(minutes: number[], sinceMs: number): void {
  const minute = Math.floor(sinceMs / MINUTE_MS);
  minutes[minute] = (minutes[minute] ?? 0) + 1;
}
