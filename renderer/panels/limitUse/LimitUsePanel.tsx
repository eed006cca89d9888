import './limitUse.css';
import { type CSSProperties, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedAlert } from '../../../domain/alertFigures.ts';
import type { LimitUse } from '../../../domain/limitUse.ts';
import { isOverdue, lateByMs } from '../../../domain/sla.ts';
import { DOMAINS } from '../../../domain/ticket.ts';
import { useBoardPart, useFigures, useNames, usePanelSize, useUnit } from '../../live/useWall.ts';
import { count, duration, MISSING } from '../../words/formats.ts';
import { DataStateMark, NothingHeard, usePanelData } from '../dataState/DataState.tsx';
import { domainOf, useFocus } from '../focus.ts';
import { AlertMark, HourglassMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';
import { Empty } from '../marks/Empty.tsx';
import { lookOf } from '../overdue/AlertLine.tsx';
import type { PanelProps } from '../panelProps.ts';
import { nameBook, namedBy } from '../place.ts';

/** The bar ends here, however much more of the limit has passed (visual specification §7). */
const MOST_SHARE = 2.4;
/** Design units. */
const ROW_MIN = 52;
const HEAD = 58 + 8;

function Row({ use, alert, now }: { use: LimitUse; alert: ListedAlert | undefined; now: number }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { ticket, share, leftMs } = use;
  const { gridId, address } = ticket.location;
  const late = isOverdue(ticket, now);
  const place = gridId === undefined ? (address ?? '') : namedBy(nameBook(deployment).grids, gridId, nameOf);
  // Colour only where an alert is live: a late ticket that nobody must look at any more stays grey.
  const level = late && alert !== undefined ? alert.severity : 'calm';
  const held = level !== 'calm' && alert?.standing !== 'unacknowledged';
  return (
    <li
      className={`limitRow levelled ${level}${held ? ' held' : ''}`}
      data-ticket-id={ticket.id}
      data-share={share.toFixed(3)}
      data-state={alert?.alert.state}
    >
      <span className="limitMark">
        {late && alert !== undefined && <AlertMark severity={alert.severity} look={lookOf(alert.standing)} />}
      </span>
      <span className="limitText">
        <span className="limitTitle place">{ticket.title}</span>
        <span className="limitPlace place">{place}</span>
      </span>
      <span className="limitTrack" style={{ '--share': Math.min(1, share / MOST_SHARE) } as CSSProperties}>
        <span className="limitBar" />
        <span className="limitTick" />
      </span>
      <span className="limitLeft">
        {late ? t('overdue.over') : t('stream.left')}{' '}
        <Duration parts={duration(late ? lateByMs(ticket, now) : Math.max(0, leftMs))} />
      </span>
    </li>
  );
}

/** 时限占用: which share of its limit each open ticket has used, most first. */
export function LimitUsePanel({ options }: PanelProps) {
  const { t } = useTranslation();
  const unit = useUnit();
  const panel = useRef<HTMLElement>(null);
  const height = usePanelSize(panel).height / unit;
  const domain = domainOf(options) ?? DOMAINS[0];
  const { board, limitUse } = useFocus(domain);
  const { at } = useFigures();
  const { state, isKnown, attributes } = usePanelData(domain);
  const rows = Math.max(1, Math.floor((height - HEAD) / ROW_MIN));
  const shown = limitUse.slice(0, rows);
  const alerts = useMemo(
    () =>
      new Map(
        board.alerts.listed.flatMap((listed) =>
          listed.alert.kind === 'overdue' && listed.ticket !== undefined ? [[listed.ticket.id, listed]] : [],
        ),
      ),
    [board],
  );
  return (
    <section className="panel limitPanel" data-testid="limit-use" {...attributes} ref={panel}>
      <header className="panelHeader">
        <span className="limitHead">
          <h2 className="panelTitle">{t('focus.limitUse')}</h2>
          <span className="panelMeta">
            {t('focus.shownOf', {
              open: isKnown ? count(board.pipeline.open) : MISSING,
              n: count(shown.length),
            })}
          </span>
        </span>
        <span className="chartKeys">
          <DataStateMark state={state} />
          <span className="onlyOld">
            <HourglassMark />
          </span>
          <span className="chartKey">
            <span className="keyLimit" />
            {t('focus.limit')}
          </span>
        </span>
      </header>
      {!isKnown ? (
        <NothingHeard state={state} />
      ) : shown.length === 0 ? (
        <Empty sentence={t('focus.noLimits')} />
      ) : (
        <ol className="limitRows">
          {shown.map((use) => (
            <Row key={use.ticket.id} use={use} alert={alerts.get(use.ticket.id)} now={at} />
          ))}
        </ol>
      )}
    </section>
  );
}
