import './criticalStrip.css';
import { useTranslation } from 'react-i18next';
import { isUrgent, type ListedAlert } from '../../../domain/alertFigures.ts';
import { useCoverage, useFigures } from '../../live/useWall.ts';
import { count, duration } from '../../words/formats.ts';
import { AlertMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';
import { alertHooks, useAlertText, useWhy } from './AlertLine.tsx';

/** The oldest stands still; so many others take turns beside it. */
const TURNING = 3;

function Call({ listed }: { listed: ListedAlert }) {
  const { at: now } = useFigures();
  const { title, place } = useAlertText()(listed);
  const { alert } = listed;
  return (
    <li className="criticalCall" title={useWhy()(alert)} {...alertHooks(listed)}>
      <b className="place">{title}</b>
      <span className="criticalPlace place">{place.split(' · ')[0]}</span>
      <Duration parts={duration(now - (alert.unacknowledgedSinceAt ?? alert.raisedAt))} />
    </li>
  );
}

/**
 * The red strip under the header of a scene that has no 超期告警, while a critical is unacknowledged: how many, the
 * oldest with its age, and the others in turns so that none is away for more than 20 s (visual specification §5).
 */
export function CriticalStrip() {
  const { t } = useTranslation();
  const urgent = useFigures().alerts.listed.filter(isUrgent);
  const oldest = urgent.reduce<ListedAlert | undefined>(
    (first, one) => (first === undefined || waitsSince(one) < waitsSince(first) ? one : first),
    undefined,
  );
  const others = useCoverage(TURNING, oldest);
  if (oldest === undefined) return null;
  return (
    <div className="criticalStrip" data-testid="critical-strip" role="alert">
      <AlertMark severity="critical" />
      <strong>{count(urgent.length)}</strong>
      <span className="criticalLabel">{t('overdue.unacknowledged')}</span>
      <ol>
        {[oldest, ...others].map((listed) => (
          <Call key={listed.alert.id} listed={listed} />
        ))}
      </ol>
    </div>
  );
}

function waitsSince({ alert }: ListedAlert): number {
  return alert.unacknowledgedSinceAt ?? alert.raisedAt;
}
