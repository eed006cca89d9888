import './overdue.css';
import { type CSSProperties, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isUnacknowledged, type ListedAlert, severityCounts } from '../../../domain/alertFigures.ts';
import { FRESH_MS, stageOf, stepMarks } from '../../../domain/metrics.ts';
import { useSlideFromTop } from '../../layout/slide.ts';
import { rowCapacity } from '../../layout/unit.ts';
import { useBoardPart, useCoverage, useFigures, usePanelSize, useUnit } from '../../live/useWall.ts';
import { count, MISSING, timeOfDay, timeOrDate } from '../../words/formats.ts';
import { DataStateMark, NothingHeard, usePanelData } from '../dataState/DataState.tsx';
import { AlertCounts } from '../marks/AlertCounts.tsx';
import { AlertMark, CheckMark, HourglassMark } from '../marks/AlertMark.tsx';
import { StepStrip } from '../marks/StepStrip.tsx';
import { AlertHolding, AlertReason, alertHooks, lookOf, useAlertText, useWaitingWidth, useWhy } from './AlertLine.tsx';
import { FloodBody } from './FloodBody.tsx';
import { overdueRows } from './rows.ts';

const ROW_MIN = 58;
const ROW_MOST = 116;
const HEADER = 58;
/** From this width on a row also says when the next check is due … */
const WIDE = 560;
/** … and from this one on shows the five steps in a column of their own, with that and the time limit below them. */
const WITH_STEPS = 760;
/** Rows from this height on have larger text. */
const ROOMY = 84;
/** What a row's second line does not have of that width: padding, mark and gaps (overdue.css). */
const FRAME = 24 + 34 + 14 + 22 + 10;

/** The five steps of an alert's ticket; below them what is due next: the check, or the step it is in and its time limit. */
function Steps({ listed: { alert, ticket, standing } }: { listed: ListedAlert }) {
  const { t } = useTranslation();
  const { day } = useFigures();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const time = (at: number) => timeOrDate(at, day.startAt, zone);
  const stage = ticket === undefined ? undefined : stageOf(ticket.status);
  return (
    <span className="overdueSteps">
      {ticket !== undefined && <StepStrip marks={stepMarks(ticket, false)} />}
      <span className="overdueDue">
        {standing === 'acknowledged' && alert.nextCheckAt !== undefined
          ? t('overdue.nextCheck', { time: time(alert.nextCheckAt) })
          : [
              stage === undefined ? undefined : t(`pipeline.${stage}`),
              ticket?.dueAt === undefined ? undefined : t('overdue.limit', { time: time(ticket.dueAt) }),
            ]
              .filter((part) => part !== undefined)
              .join(' · ')}
      </span>
    </span>
  );
}

function OverdueRow({ listed, width }: { listed: ListedAlert; width: number }) {
  const textOf = useAlertText();
  const waitingWidth = useWaitingWidth();
  const { at: now } = useFigures();
  const { alert, severity, standing } = listed;
  const why = useWhy();
  const withSteps = width >= WITH_STEPS;
  // Beside the steps a place has a third of the row.
  const { title, place } = textOf(listed, withSteps ? width / 3 : width - FRAME - waitingWidth(listed));
  const insists =
    severity === 'critical' &&
    standing === 'unacknowledged' &&
    now - (alert.unacknowledgedSinceAt ?? alert.raisedAt) > FRESH_MS;
  const reason = (
    <span className="overdueFor">
      <span className="onlyOld">
        <HourglassMark />
      </span>
      <AlertReason listed={listed} />
    </span>
  );
  return (
    <li
      className={`overdueRow ${severity} ${standing}${insists ? ' insists' : ''}`}
      title={why(alert)}
      {...alertHooks(listed)}
    >
      <span className="overdueEdge" />
      <AlertMark severity={severity} look={lookOf(standing)} />
      {withSteps ? (
        <>
          <span className="overdueText">
            <span className="overdueTitle place">{title}</span>
            <span className="overduePlace place">{place}</span>
          </span>
          <Steps listed={listed} />
          <span className="overdueEnd">
            {reason}
            <AlertHolding listed={listed} wide={false} />
          </span>
        </>
      ) : (
        <span className="overdueText">
          <span className="overdueTop">
            <span className="overdueTitle place">{title}</span>
            {reason}
          </span>
          <span className="overdueBottom">
            <span className="overduePlace place">{place}</span>
            <AlertHolding listed={listed} wide={width >= WIDE} />
          </span>
        </span>
      )}
    </li>
  );
}

function NothingOverdue() {
  const { t } = useTranslation();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const { lastCleared } = useFigures();
  return (
    <div className="overdueNone">
      <CheckMark />
      <p className="overdueNoneTitle">{t('overdue.none')}</p>
      {lastCleared !== null && (
        <p className="overdueNoneLast place">
          {t('overdue.lastCleared', { time: timeOfDay(lastCleared.at, zone), title: lastCleared.ticket.title })}
        </p>
      )}
    </div>
  );
}

/** `value` null: not known. */
export function Unacknowledged({ value }: { value: number | null }) {
  const { t } = useTranslation();
  return (
    <span className="panelMeta">
      {t('overdue.unacknowledged')} <strong>{value === null ? MISSING : count(value)}</strong>
    </span>
  );
}

function OverdueList({ capacity, width, height }: { capacity: number; width: number; height: number }) {
  const { t } = useTranslation();
  const { listed } = useFigures().alerts;
  const list = useRef<HTMLOListElement>(null);
  const covered = useCoverage(listed.length <= capacity ? capacity : capacity - 1);
  const { shown, hidden } = overdueRows(listed, capacity, covered);
  // Rows share the height equally, as long as few do not become huge.
  const rows = Math.min(capacity, Math.max(listed.length, Math.ceil(height / ROW_MOST)));
  const roomy = height / rows >= ROOMY && width >= WITH_STEPS;
  useSlideFromTop(
    list,
    shown.map(({ alert }) => alert.id),
    rows,
  );
  return (
    <div className="listClip">
      <ol
        className={roomy ? 'overdueRows roomy' : 'overdueRows'}
        ref={list}
        style={{ '--rows': rows } as CSSProperties}
      >
        {shown.map((alert) => (
          <OverdueRow key={alert.alert.id} listed={alert} width={width} />
        ))}
        {hidden !== null && (
          <li className="overdueMore">
            <span>{t('overdue.more', { n: count(hidden.count) })}</span>
            <span className="overdueSummary">
              <AlertCounts counts={hidden.counts} />
              <Unacknowledged value={hidden.unacknowledged} />
            </span>
          </li>
        )}
      </ol>
    </div>
  );
}

/** 超期告警: red and amber, most urgent first; in a flood by groups (visual specification §5). */
export function OverduePanel() {
  const { t } = useTranslation();
  const { alerts } = useFigures();
  const { state, isKnown, attributes } = usePanelData();
  const { listed, flood } = alerts;
  const unit = useUnit();
  const panel = useRef<HTMLElement>(null);
  const size = usePanelSize(panel);
  const height = size.height / unit;
  return (
    <section
      className="panel overduePanel"
      data-testid="overdue"
      data-flood={flood !== null}
      {...attributes}
      ref={panel}
    >
      <header className="panelHeader">
        <div className="overdueTitle">
          <h2 className="panelTitle">{t('overdue.title')}</h2>
          <DataStateMark state={state} />
        </div>
        <span className="overdueSummary">
          <span className="onlyOld">
            <HourglassMark />
          </span>
          <AlertCounts counts={severityCounts(listed)} />
          <Unacknowledged value={isKnown || listed.length > 0 ? listed.filter(isUnacknowledged).length : null} />
        </span>
      </header>
      {flood !== null ? (
        <FloodBody flood={flood} width={size.width / unit} height={height} />
      ) : listed.length === 0 ? (
        isKnown ? (
          <NothingOverdue />
        ) : (
          <NothingHeard state={state} />
        )
      ) : (
        <OverdueList capacity={rowCapacity(height, ROW_MIN)} width={size.width / unit} height={height - HEADER} />
      )}
    </section>
  );
}
