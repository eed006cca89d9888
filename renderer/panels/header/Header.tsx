import './header.css';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { clockTime, isoDate, lag, patternDate } from '../../words/formats.ts';
import { HourglassMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';
import { type TrustColumn, trustColumns } from './trust.ts';

/** More columns than this do not fit beside the centre's name; late sources are shown first then. */
const MOST_COLUMNS = 6;

export function WaveMark() {
  return (
    <svg className="waveMark" viewBox="0 0 36 30" aria-hidden="true">
      <path d="M2 6c5.3-5 10.7-5 16 0s10.7 5 16 0" />
      <path d="M2 15c5.3-5 10.7-5 16 0s10.7 5 16 0" />
      <path d="M2 24c5.3-5 10.7-5 16 0s10.7 5 16 0" />
    </svg>
  );
}

function Column({ column, name }: { column: TrustColumn; name: string }) {
  const { t } = useTranslation();
  return (
    <li className={column.late ? 'trustColumn late' : 'trustColumn'} data-source-id={column.id} data-late={column.late}>
      <span className="trustName">
        {column.late && <HourglassMark />}
        {name}
      </span>
      <span className="trustAge">
        {column.state === 'finished' && t('trust.finished')}
        {column.state === 'failed' && t('trust.failed')}
        {(column.state === 'live' || column.state === 'silent') &&
          (column.ageMs === null ? t('trust.never') : <Duration parts={lag(column.ageMs)} />)}
      </span>
    </li>
  );
}

function TrustStrip() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { at } = useFigures();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const sources = useBoardPart((snapshot) => snapshot.sources);
  const heardAt = useBoardPart((snapshot) => Math.floor(snapshot.heardAt / 1000) * 1000);
  const columns = trustColumns(deployment.sources, sources, at);
  const shown =
    columns.length <= MOST_COLUMNS
      ? columns
      : [...columns].sort((a, b) => Number(b.late) - Number(a.late)).slice(0, MOST_COLUMNS - 1);
  return (
    <ul className="trustStrip" data-testid="trust-strip">
      <li className="trustColumn">
        <span className="trustName">{t('trust.asOf')}</span>
        <span className="trustAge figure">{clockTime(heardAt, deployment.timeZone)}</span>
      </li>
      {shown.map((column) => (
        <Column key={column.id} column={column} name={nameOf(column.name)} />
      ))}
      {shown.length < columns.length && (
        <li className="trustColumn">
          <span className="trustName">{t('trust.more', { n: columns.length - shown.length })}</span>
        </li>
      )}
    </ul>
  );
}

function ClockChip() {
  const { t } = useTranslation();
  const mode = useBoardPart((snapshot) => snapshot.clock.mode);
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const { at } = useFigures();
  switch (mode) {
    case 'live':
      return null;
    case 'demo':
      return <span className="chip">{t('chip.demo')}</span>;
    case 'replay':
      return <span className="chip">{t('chip.replay', { date: isoDate(at, zone) })}</span>;
  }
}

export function Header() {
  const { t, i18n } = useTranslation();
  const nameOf = useNames();
  const { at } = useFigures();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const zone = deployment.timeZone;
  return (
    <header className="header">
      <WaveMark />
      <h1 className="centreName">{nameOf(deployment.name)}</h1>
      <span className="headerRule" />
      <span className="sceneName">{t('scene.dispatch')}</span>
      <ClockChip />
      <span className="headerSpace" />
      <TrustStrip />
      <span className="headerRule" />
      <span className="headerDate">{patternDate(at, zone, t('format.date'), i18n.language)}</span>
      <time className="headerClock">{clockTime(at, zone)}</time>
    </header>
  );
}
