import './flood.css';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { FloodFigures, ListedAlert } from '../../../domain/alertFigures.ts';
import type { FloodGroup } from '../../../domain/flood.ts';
import { useBoardPart, useCoverage, useFigures, useNames } from '../../live/useWall.ts';
import { count, duration, timeOfDay, timeOrDate } from '../../words/formats.ts';
import { AlertCounts } from '../marks/AlertCounts.tsx';
import { AlertMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';
import { nameBook, namedBy } from '../place.ts';
import { alertHooks, useAlertText, useWhy } from './AlertLine.tsx';
import { floodRows, groupLook, PRIORITY_TARGET, priorityShare, ticksOf } from './flood.ts';

const MINUTE_MS = 60_000;
/** Labelled bars of the histogram: each tenth minute. */
const LABELLED = [0, 10, 20];
/** Design units of width from which two groups stand side by side. */
const ABREAST_FROM = 760;
/** The gauge is full at so many times the rate at which a flood begins. */
const GAUGE_FULL = 3;

/** The title of a group: its category; of the folded ones 其他. */
export function useGroupTitle(): (group: FloodGroup) => string {
  const { t } = useTranslation();
  const nameOf = useNames();
  const book = nameBook(useBoardPart((snapshot) => snapshot.deployment));
  return ({ key, category }) => {
    if (key === '') return t('flood.others');
    return category === undefined ? t('flood.noCategory') : namedBy(book.categories, category, nameOf);
  };
}

function Histogram({ flood, active }: { flood: FloodFigures; active: boolean }) {
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const { startAt, counts } = flood.histogram;
  const most = Math.max(1, ...counts);
  const windowFrom = counts.length - flood.rule.windowMinutes;
  const bars = counts.map((value, minute) => ({
    at: startAt + minute * MINUTE_MS,
    value,
    isNow: minute >= windowFrom,
  }));
  return (
    <div className="floodHistogram">
      <div className="floodBars">
        {bars.map(({ at, value, isNow }) => (
          <span
            key={at}
            className={active && isNow ? 'floodBar now' : 'floodBar'}
            style={{ height: `${(value / most) * 100}%` }}
          />
        ))}
      </div>
      <div className="floodAxis">
        {LABELLED.map((minute) => (
          <span key={minute} style={{ left: `${(minute / counts.length) * 100}%` }}>
            {timeOfDay(startAt + minute * MINUTE_MS, zone)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Load against the rate that makes a flood, and the shares of the levels against 5 / 15 / 80. */
function FloodLoad({ flood }: { flood: FloodFigures }) {
  const { t } = useTranslation();
  const share = priorityShare(useFigures().alerts.bySeverity);
  const times = flood.recent / flood.rule.beginsAbove;
  return (
    <div className="floodLoad">
      <span className="floodGauge" data-load={times.toFixed(1)}>
        <span style={{ width: `${Math.min(100, (times / GAUGE_FULL) * 100)}%` }} />
        <i style={{ left: `${100 / GAUGE_FULL}%` }} />
      </span>
      <span className="floodShares">
        <span>
          {t('flood.load')} <b>{times.toFixed(1)}</b> {t('flood.times')}
        </span>
        <span className="floodShare">
          <AlertMark severity="critical" look="filled" />
          <b>{share.critical}</b>/{PRIORITY_TARGET.critical}
        </span>
        <span className="floodShare">
          <AlertMark severity="high" look="filled" />
          <b>{share.high}</b>/{PRIORITY_TARGET.high}
        </span>
        <span className="floodShare">
          <span>{t('flood.rest')}</span>
          <span>
            <b>{share.rest}</b>/{PRIORITY_TARGET.rest} {t('unit.percent')}
          </span>
        </span>
      </span>
    </div>
  );
}

function GroupRow({ group }: { group: FloodGroup }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { at: now } = useFigures();
  const titleOf = useGroupTitle();
  const book = nameBook(useBoardPart((snapshot) => snapshot.deployment));
  const { severity, held } = groupLook(group);
  const departments = new Set(group.alerts.flatMap(({ department }) => department ?? [])).size;
  const place = [
    [
      group.streetId === undefined ? undefined : namedBy(book.streets, group.streetId, nameOf),
      group.grids === 0 ? undefined : t('flood.grids', { n: count(group.grids) }),
    ]
      .filter((part) => part !== undefined)
      .join(' '),
    group.key === ''
      ? t('flood.departments', { n: count(departments) })
      : group.department === undefined
        ? ''
        : nameOf(book.departments.get(group.department)?.name ?? { zh: group.department }),
  ]
    .filter((part) => part !== '')
    .join(' · ');
  return (
    <li
      className={`floodGroup ${severity}${held ? ' held' : ''}`}
      data-testid="flood-group"
      data-group={group.key}
      data-count={group.alerts.length}
    >
      <span className="overdueEdge" />
      <AlertMark severity={severity} look={held ? 'hollow' : 'filled'} />
      <span className="floodGroupText">
        <span className="floodGroupLine">
          <span className="overdueTitle place">{titleOf(group)}</span>
          <AlertCounts counts={group} held={held} />
        </span>
        <span className="floodGroupLine">
          <span className="overduePlace place">{place}</span>
          <span className="floodAge">
            {t('flood.oldest')} <Duration parts={duration(now - group.oldestAt)} />
          </span>
        </span>
        <span className="floodGroupLine">
          <span className="floodTicks">
            {ticksOf(group).map(({ id, tick }) => (
              <i key={id} className={tick} />
            ))}
          </span>
          <span className="floodUnacknowledged">
            {held
              ? t('flood.allAcknowledged')
              : t('flood.unacknowledged', { a: count(group.unacknowledged), n: count(group.alerts.length) })}
          </span>
        </span>
      </span>
    </li>
  );
}

/** One unacknowledged critical on a line of its own: no group hides it. */
function CriticalLine({ listed, compact }: { listed: ListedAlert; compact: boolean }) {
  const { at: now } = useFigures();
  const textOf = useAlertText();
  const { title, place } = textOf(listed);
  const { alert } = listed;
  return (
    <li className="floodCritical" title={useWhy()(alert)} {...alertHooks(listed)}>
      <AlertMark severity="critical" />
      <span className="place">{compact ? place.split(' · ')[0] : `${title} · ${place}`}</span>
      <Duration parts={duration(now - (alert.unacknowledgedSinceAt ?? alert.raisedAt))} />
    </li>
  );
}

function Criticals({ lines, columns, compact }: { lines: number; columns: number; compact: boolean }) {
  const covered = useCoverage(lines * columns);
  if (covered.length === 0) return null;
  return (
    <ol className="floodCriticals" style={{ '--columns': columns } as CSSProperties}>
      {covered.map((listed) => (
        <CriticalLine key={listed.alert.id} listed={listed} compact={compact} />
      ))}
    </ol>
  );
}

/** 告警洪峰: the rate, the alerts by cause, area and department, the criticals one by one, and what came first. */
export function FloodBody({ flood, width, height }: { flood: FloodFigures; width: number; height: number }) {
  const { t } = useTranslation();
  const textOf = useAlertText();
  const { listed } = useFigures().alerts;
  const { day } = useFigures();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const active = useBoardPart((snapshot) => snapshot.board.flood?.active === true);
  const abreast = width >= ABREAST_FROM ? 2 : 1;
  const { groups, lines, columns } = floodRows(flood, listed, height, abreast);
  const first = useFirst(flood);
  const firstText = first === undefined ? undefined : textOf(first);
  return (
    <div className="floodBody" data-testid="flood">
      <div className={active ? 'floodBox' : 'floodBox over'}>
        <div className="floodRate">
          <AlertMark severity="critical" look={active ? 'filled' : 'hollow'} />
          <strong>{t(active ? 'flood.title' : 'flood.over')}</strong>
          <span className="floodRecent">
            <b>{count(flood.recent)}</b> {t('flood.per', { n: flood.rule.windowMinutes })}
          </span>
        </div>
        <Histogram flood={flood} active={active} />
        <FloodLoad flood={flood} />
      </div>
      <Criticals lines={lines} columns={columns} compact={columns > abreast} />
      <ol className="floodGroups" style={{ '--abreast': abreast } as CSSProperties}>
        {groups.map((group) => (
          <GroupRow key={group.key} group={group} />
        ))}
      </ol>
      <p className="floodFirst">
        {flood.first !== null && firstText !== undefined && (
          <>
            <span>{t('flood.first')}</span>
            <b>{timeOrDate(flood.first.raisedAt, day.startAt, zone)}</b>
            <span className="place">
              {firstText.place.split(' · ')[0]} {firstText.title}
            </span>
          </>
        )}
      </p>
    </div>
  );
}

/** The alert that came first, as a listed one, whatever became of it. */
function useFirst({ first }: FloodFigures): ListedAlert | undefined {
  const tickets = useBoardPart((snapshot) => snapshot.board.tickets);
  if (first === null) return undefined;
  const ticket = first.ticketId === undefined ? undefined : tickets.get(first.ticketId);
  return {
    alert: first,
    severity: first.severity === 'critical' ? 'critical' : 'high',
    standing: 'acknowledged',
    overdueMs: null,
    ...(ticket === undefined ? {} : { ticket }),
  };
}
