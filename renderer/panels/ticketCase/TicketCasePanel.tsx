import './ticketCase.css';
import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedAlert } from '../../../domain/alertFigures.ts';
import { type CaseStepFigures, caseSteps } from '../../../domain/caseSteps.ts';
import { limitShare } from '../../../domain/limitUse.ts';
import { isOverdue } from '../../../domain/sla.ts';
import { type Flag, isEnded, type Ticket } from '../../../domain/ticket.ts';
import { useBoardPart, useFigures, useNames, useWallParts } from '../../live/useWall.ts';
import { count, duration, MISSING, timeOfDay, timeOrDate, timeWithDate } from '../../words/formats.ts';
import { DataStateMark, usePanelData } from '../dataState/DataState.tsx';
import { AlertMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';
import { Empty } from '../marks/Empty.tsx';
import { AlertHolding, lookOf } from '../overdue/AlertLine.tsx';
import { nameBook, namedBy } from '../place.ts';
import { streamRow } from '../stream/rows.ts';
import { CaseStateText } from '../stream/StreamPanel.tsx';
import { useShownTicket } from './shownTicket.ts';

/** The bar ends here, however much more of the limit has passed. */
const MOST_SHARE = 2.4;
/** What is told of a case; the others are for statistics. */
const TOLD = [
  'reworked',
  'returned',
  'extended',
  'suspended',
  'escalated',
  'unverified',
] as const satisfies readonly Flag[];

function Step({ figures, ticket }: { figures: CaseStepFigures; ticket: Ticket }) {
  const { t } = useTranslation();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const { day } = useFigures();
  const { step, mark, at, by, afterMs, waitingMs } = figures;
  return (
    <li className={`caseStep ${mark}`} data-step={step} data-mark={mark}>
      <span className="caseGap">{afterMs !== undefined && <Duration parts={duration(afterMs)} />}</span>
      <span className="caseBar">
        <span className="caseLine" />
      </span>
      <span className="caseStepName">{t(`ticket.${step}`)}</span>
      <span className="caseTime">
        {at === undefined ? (
          <span className="none">{mark === 'skipped' ? t('ticket.skipped') : '–'}</span>
        ) : (
          timeOfDay(at, zone)
        )}
      </span>
      <span className="caseBy">
        {waitingMs !== undefined && (
          <>
            {t('ticket.waiting')} <Duration parts={duration(waitingMs)} />
          </>
        )}
        {waitingMs === undefined && at !== undefined && (
          <>
            {at < day.startAt && timeOrDate(at, day.startAt, zone)} {by}
          </>
        )}
        {step === 'close' && ticket.points > 0 && (
          <>
            {' '}
            <strong>{t('ticket.points', { n: count(ticket.points) })}</strong>
          </>
        )}
      </span>
    </li>
  );
}

function Limit({ ticket, alert }: { ticket: Ticket; alert: ListedAlert | undefined }) {
  const { t } = useTranslation();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const working = useBoardPart((snapshot) => snapshot.history.working);
  const { at: now, day } = useFigures();
  const share = limitShare(working, ticket, now);
  if (share === undefined || ticket.dueAt === undefined) {
    return <p className="caseNoLimit">{t('ticket.noLimit')}</p>;
  }
  const level = isOverdue(ticket, now) && alert !== undefined ? alert.severity : 'calm';
  const held = level !== 'calm' && alert?.standing !== 'unacknowledged';
  const moved = ticket.originalDueAt !== undefined && ticket.originalDueAt !== ticket.dueAt;
  return (
    <div className="caseLimit">
      <span className="caseLimitHead">
        {t('ticket.limit')} <strong className="figure">{timeWithDate(ticket.dueAt, day.startAt, zone)}</strong>
        {moved && (
          <span className="caseMoved">
            {t('ticket.first')} {timeWithDate(ticket.originalDueAt as number, day.startAt, zone)}
          </span>
        )}
        <span className="caseShare">
          {t('focus.limitUse')}{' '}
          <strong className="figure">{Number.isFinite(share) ? Math.floor(share * 100) : MISSING}</strong>
          {t('unit.percent')}
        </span>
      </span>
      <span
        className={`caseTrack levelled ${level}${held ? ' held' : ''}`}
        data-share={share.toFixed(3)}
        style={{ '--share': Math.min(1, share / MOST_SHARE) } as CSSProperties}
      >
        <span className="caseRail" />
        <span className="caseUsed" />
        <span className="caseTick" />
      </span>
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <li className="caseFact">
      <span className="caseFactLabel">{label}</span>
      <span className="caseFactValue">{children}</span>
    </li>
  );
}

function Case({ ticket, alert }: { ticket: Ticket; alert: ListedAlert | undefined }) {
  const { t, i18n } = useTranslation();
  const nameOf = useNames();
  const { clock } = useWallParts();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const working = useBoardPart((snapshot) => snapshot.history.working);
  const { at: now, day } = useFigures();
  const { state } = streamRow(ticket, working, now, clock.pace());
  const book = nameBook(deployment);
  const departmentName = (id: string) => {
    const department = book.departments.get(id);
    return department === undefined ? id : nameOf(department.name);
  };
  const departments = [ticket.department, ...ticket.assistDepartments].flatMap((id) => id ?? []).map(departmentName);
  const { gridId, address } = ticket.location;
  const place = gridId === undefined ? (address ?? t('stream.outside')) : namedBy(book.grids, gridId, nameOf);
  const list = new Intl.ListFormat(i18n.language, { type: 'unit', style: 'short' });
  const flags = TOLD.filter((flag) => ticket.flags.includes(flag));
  return (
    <>
      <header className="caseHead">
        {alert !== undefined && <AlertMark severity={alert.severity} look={lookOf(alert.standing)} />}
        <h2 className="caseTitle">{ticket.title}</h2>
        <span className={isEnded(ticket.status) ? 'caseState caseNow ended' : 'caseState caseNow'}>
          <CaseStateText state={state} />
        </span>
        <div className="caseMeta">
          <span>{ticket.number}</span>
          <span>
            {namedBy(book.domains, ticket.domain, nameOf)} · {namedBy(book.categories, ticket.category, nameOf)}
          </span>
        </div>
      </header>
      {alert !== undefined && (
        <p className="caseHolding">
          <AlertHolding listed={alert} wide />
        </p>
      )}
      <Limit ticket={ticket} alert={alert} />
      <ol className="caseSteps">
        {caseSteps(ticket, now).map((figures) => (
          <Step key={figures.step} figures={figures} ticket={ticket} />
        ))}
      </ol>
      <ul className="caseFacts">
        <Fact label={t('ticket.place')}>{place}</Fact>
        <Fact label={t('ticket.department')}>
          {departments.length === 0 ? t('departments.unassigned') : list.format(departments)}
        </Fact>
        <Fact label={t('ticket.reported')}>{timeWithDate(ticket.reportedAt, day.startAt, deployment.timeZone)}</Fact>
        <Fact label={t('ticket.marks')}>
          {flags.length === 0 ? (
            <span className="caseFactNone">–</span>
          ) : (
            list.format(flags.map((flag) => t(`ticket.flag.${flag}`)))
          )}
        </Fact>
      </ul>
    </>
  );
}

/** 单件: one ticket with its large five-step strip, readable from the back row. */
export function TicketCasePanel() {
  const { t } = useTranslation();
  const { ticket, alert } = useShownTicket();
  const { state, attributes } = usePanelData();
  return (
    <section className="panel ticketCase" data-testid="ticket-case" data-ticket-id={ticket?.id} {...attributes}>
      <span className="caseQuality">
        <DataStateMark state={state} />
      </span>
      {ticket === undefined ? <Empty sentence={t('ticket.gone')} /> : <Case ticket={ticket} alert={alert} />}
    </section>
  );
}
