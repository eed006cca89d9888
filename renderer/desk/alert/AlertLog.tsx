import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { AgainMark, AlertMark, type MarkLook, Tick } from '../../panels/marks/AlertMark.tsx';
import { count, timeOrDate } from '../../words/formats.ts';
import type { QueueEntry } from '../queue/rows.ts';
import { useAnswer } from '../useAnswer.ts';
import { readAlertLog, type Transition } from './alertWire.ts';

/** The newest lines; earlier ones are counted. */
const SHOWN = 5;

function lookOf({ to }: Transition): MarkLook {
  switch (to) {
    case 'unacknowledged':
      return 'filled';
    case 'returnedUnacknowledged':
      return 'dashed';
    case 'shelved':
      return 'paused';
    case 'acknowledged':
    case 'normal':
    case 'suppressed':
    case 'outOfService':
      return 'hollow';
  }
}

function Mark({ line }: { line: Transition }) {
  const { stimulus, severity } = line;
  if (stimulus === 'acknowledge' || stimulus === 'clear' || stimulus === 'renew') return <Tick />;
  if (stimulus === 'lapse' || stimulus === 'unshelve') return <AgainMark />;
  if (severity === 'critical' || severity === 'high') return <AlertMark severity={severity} look={lookOf(line)} />;
  return <span className="logDot" />;
}

function useSentence(kind: QueueEntry['alert']['kind']): (line: Transition) => string {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const { dispositions, alarms } = useBoardPart((snapshot) => snapshot.deployment);
  return ({ stimulus, severity, level, actor = '', reason }) => {
    switch (stimulus) {
      case 'raise':
        if (kind !== 'overdue') return t('alert.did.raise');
        return severity === 'critical' ? t('alert.did.raiseCritical') : t('alert.did.raiseHigh');
      case 'acknowledge': {
        const disposition = dispositions.find(({ id }) => id === reason)?.name;
        return t('alert.did.acknowledge', {
          by: actor,
          disposition: disposition === undefined ? reason : nameOf(disposition),
        });
      }
      case 'climb': {
        const rung = alarms.ladder[Math.min(level, alarms.ladder.length - 1)];
        return t('alert.did.climb', { rung: rung === undefined ? String(level) : nameOf(rung) });
      }
      case 'release':
      case 'shelve':
        return t(`alert.did.${stimulus}`, { by: actor });
      case 'worsen':
      case 'ease':
      case 'clear':
      case 'lapse':
      case 'renew':
      case 'unshelve':
      case 'suppress':
      case 'unsuppress':
      case 'disable':
      case 'enable':
        return t(`alert.did.${stimulus}`);
    }
  };
}

/** What happened to an alert and who did it, oldest first, as the server logged it. */
export function AlertLog({ entry: { alert } }: { entry: QueueEntry }) {
  const { t } = useTranslation('desk');
  const { day } = useFigures();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const sentence = useSentence(alert.kind);
  const answer = useAnswer(`/alerts/${encodeURIComponent(alert.id)}`, readAlertLog, alert.changedAt);
  // A check that moves on each quarter of an hour says little; the last time is enough
  const log = (answer?.ok === true ? answer.value.log : []).filter(
    ({ stimulus }, i, lines) => stimulus !== 'renew' || i === lines.length - 1,
  );
  const shown = log.slice(-SHOWN);
  return (
    <section className="alertLog" aria-label={t('alert.log')}>
      {log.length > shown.length && (
        <p className="logEarlier">{t('alert.earlier', { n: count(log.length - shown.length) })}</p>
      )}
      <ol>
        {shown.map((line) => (
          <li
            key={`${line.at} ${line.stimulus} ${line.to}`}
            className={line.to === alert.state ? 'logLine now' : 'logLine'}
          >
            <time>{timeOrDate(line.at, day.startAt, zone)}</time>
            <Mark line={line} />
            <span>{sentence(line)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
