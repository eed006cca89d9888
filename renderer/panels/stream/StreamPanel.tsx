import './stream.css';
import { type CSSProperties, memo, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TicketId } from '../../../domain/ticket.ts';
import { useSlideFromTop } from '../../layout/slide.ts';
import {
  newestArrivals,
  useBoardPart,
  useFigures,
  useNames,
  useRowCapacity,
  useSnapshot,
  useWallParts,
} from '../../live/useWall.ts';
import { count, duration, MISSING, signed, timeOrDate } from '../../words/formats.ts';
import { shortNameIn } from '../../words/words.ts';
import { DataStateMark, NothingHeard, usePanelData } from '../dataState/DataState.tsx';
import { AlertMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';
import { Empty } from '../marks/Empty.tsx';
import { StepStrip } from '../marks/StepStrip.tsx';
import { nameBook, placeOf } from '../place.ts';
import { type CaseState, overtakenCount, type StreamRow, streamRow } from './rows.ts';

const ROW_MIN = 60;

/** The state of a case in words, as under its strip. */
export function CaseStateText({ state }: { state: CaseState }) {
  const { t, i18n } = useTranslation();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  switch (state.kind) {
    case 'dispatched': {
      const department =
        state.department === undefined ? undefined : nameBook(deployment).departments.get(state.department);
      const short = department === undefined ? (state.department ?? '') : shortNameIn(i18n.language, department);
      return (
        <>
          {t('stream.dispatched')} {short}
        </>
      );
    }
    case 'handling':
    case 'rework':
      return (
        <>
          {t(`stream.${state.kind}`)}{' '}
          {state.leftMs !== undefined && (
            <>
              {t('stream.left')} <Duration parts={duration(state.leftMs)} />
            </>
          )}
        </>
      );
    case 'late':
      return (
        <span className={`caseLate ${state.severity}`}>
          <AlertMark severity={state.severity} />
          {t('stream.over')} {state.lateMs > 0 && <Duration parts={duration(state.lateMs)} />}
        </span>
      );
    case 'closed':
      return (
        <>
          {t('stream.closed')}{' '}
          {state.points > 0 && (
            <>
              <strong>{signed(state.points)}</strong> {t('unit.points')}
            </>
          )}
        </>
      );
    case 'awaiting':
    case 'returned':
    case 'verifying':
    case 'closing':
    case 'suspended':
    case 'void':
    case 'merged':
      return <>{t(`stream.${state.kind}`)}</>;
  }
}

function sameJson(before: object, after: object): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

const RowState = memo(function RowState({ marks, state }: Pick<StreamRow, 'marks' | 'state'>) {
  return (
    <span className="streamState">
      <StepStrip marks={marks} />
      <span className="caseState">
        <CaseStateText state={state} />
      </span>
    </span>
  );
}, sameJson);

const TINT_FADE_MS = 2000;
const TINT_STEP_MS = 240;

/** A ticket that has been new for its minute loses its tint within 2 s (visual specification §6); another one in its place has its own. */
function useTintFade(row: RefObject<HTMLElement | null>, ticketId: TicketId, fresh: boolean): void {
  const { stillness, scheduler } = useWallParts();
  const shown = useRef({ ticketId, fresh });
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = { ticketId, fresh };
    const element = row.current;
    if (element === null) return;
    if (before.ticketId !== ticketId || fresh) {
      scheduler.cancel(element);
      element.style.removeProperty('--tint');
    } else if (before.fresh && !stillness) {
      scheduler.moveInSteps(element, (passedMs) => {
        const left = Math.max(0, 1 - passedMs / TINT_FADE_MS);
        element.style.setProperty('--tint', `${Math.round(left * 100)}%`);
        return left === 0 ? undefined : passedMs + TINT_STEP_MS;
      });
    }
  }, [row, ticketId, fresh, stillness, scheduler]);
  useLayoutEffect(() => {
    const element = row.current;
    return () => {
      if (element !== null) scheduler.cancel(element);
    };
  }, [row, scheduler]);
}

/** A place in the list: it stays, and shows whatever ticket is there now. */
const Row = memo(
  function Row({ row, dayStartAt }: { row: StreamRow; dayStartAt: number }) {
    const nameOf = useNames();
    const deployment = useBoardPart((snapshot) => snapshot.deployment);
    const { ticket, fresh, marks, state } = row;
    const ended = state.kind === 'closed' || state.kind === 'void' || state.kind === 'merged';
    const element = useRef<HTMLLIElement>(null);
    useTintFade(element, ticket.id, fresh);
    return (
      <li
        className={`streamRow${fresh ? ' fresh' : ''}${ended ? ' ended' : ''}`}
        data-testid="stream-row"
        data-ticket-id={ticket.id}
        data-status={ticket.status}
        ref={element}
      >
        <time className="streamTime">{timeOrDate(ticket.reportedAt, dayStartAt, deployment.timeZone)}</time>
        <span className="streamText">
          <span className="streamTitle place">{ticket.title}</span>
          <span className="streamPlace place">{placeOf(ticket, deployment, nameOf, 'domain')}</span>
        </span>
        <RowState marks={marks} state={state} />
      </li>
    );
  },
  (before, after) =>
    before.row.ticket === after.row.ticket &&
    before.row.fresh === after.row.fresh &&
    before.dayStartAt === after.dayStartAt &&
    sameJson(before.row.state, after.row.state),
);

export function StreamPanel() {
  const { t } = useTranslation();
  const { clock } = useWallParts();
  const snapshot = useSnapshot();
  const { at, day, reportedLately } = useFigures();
  const { state, isKnown, attributes } = usePanelData();
  const panel = useRef<HTMLElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const capacity = useRowCapacity(panel, ROW_MIN);
  const now = clock.now() ?? at;
  const newest = snapshot === undefined ? [] : newestArrivals(snapshot, capacity);
  const rows =
    snapshot === undefined
      ? []
      : newest.map((ticket) => streamRow(ticket, snapshot.history.working, now, clock.pace()));
  const [overtaken, setOvertaken] = useState({ at: 0, shown: 0, count: 0 });
  if (snapshot !== undefined && (overtaken.at !== at || overtaken.shown !== rows.length)) {
    setOvertaken({ at, shown: rows.length, count: overtakenCount(snapshot, rows.length, at, clock.pace()) });
  }
  useSlideFromTop(
    list,
    newest.map((ticket) => ticket.id),
    capacity,
  );
  return (
    <section className="panel streamPanel" data-testid="stream" {...attributes} ref={panel}>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('stream.title')}</h2>
        <DataStateMark state={state} />
        <span className="panelMeta">
          {overtaken.count > 0 && (
            <span className="streamOvertaken" data-overtaken={overtaken.count}>
              {t('stream.overtaken')} <strong>{count(overtaken.count)}</strong> {t('unit.item')} ·{' '}
            </span>
          )}
          {t('stream.lately')} <strong>{isKnown ? count(reportedLately) : MISSING}</strong> {t('unit.item')}
        </span>
      </header>
      {rows.length === 0 && !isKnown ? (
        <NothingHeard state={state} />
      ) : rows.length === 0 ? (
        <Empty sentence={t('stream.none')} />
      ) : (
        <div className="listClip">
          <ol className="streamRows" ref={list} style={{ '--rows': capacity } as CSSProperties}>
            {rows.map((row, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: with a key of its own each row above which one comes in would be moved
              <Row key={place} row={row} dayStartAt={day.startAt} />
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}
