import './header.css';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Name } from '../../../domain/deployment.ts';
import type { HeaderPart } from '../../../domain/scene.ts';
import {
  lateCanaryMs,
  useBoardPart,
  useFigures,
  useNames,
  usePanelSize,
  useSoundState,
  useSpotlit,
  useUnit,
  useWallParts,
} from '../../live/useWall.ts';
import { clockTime, count, isoDate, lag, patternDate, timeOfDay } from '../../words/formats.ts';
import { MapTitle } from '../map/MapTitle.tsx';
import { HourglassMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';
import { WaveMark } from '../marks/WaveMark.tsx';
import { SoundMark } from '../sound/SoundMark.tsx';
import { textEm } from '../textWidth.ts';
import { fitColumns, type TrustColumn, trustColumns } from './trust.ts';

/** Design units of the header that are not the strip's, besides the centre's name, scene and chip. */
const HEADER_FIXED = 54 + 33 + 16 + 33 + 160 + 24 + 178;
/** The same of a header that holds the strip, the date and the clock only. */
const TRUST_FIXED = 16 + 160 + 24 + 178;
const AS_OF_WIDTH = 116;

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

/** 数据截至: what the numbers on this screen are of. */
function AsOf() {
  const { t } = useTranslation();
  const { heardAt, lateMs, provenAt, time } = useTimes();
  const asOfAt = lateMs === undefined ? heardAt : provenAt;
  return (
    <li
      className={lateMs === undefined ? 'trustColumn' : 'trustColumn late'}
      data-canary={lateMs === undefined ? 'onTime' : 'late'}
    >
      <span className="trustName">
        {lateMs !== undefined && <HourglassMark />}
        {t('trust.asOf')}
      </span>
      <span className="trustAge figure">{asOfAt === undefined ? t('trust.never') : time(asOfAt)}</span>
    </li>
  );
}

function TrustStrip({ room }: { room: number }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { clock } = useWallParts();
  const { silentMs } = useTimes();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const sources = useBoardPart((snapshot) => snapshot.sources);
  const columns = trustColumns(deployment.sources, sources, silentMs, clock.pace()).map((column) => ({
    ...column,
    label: nameOf(column.name),
  }));
  const { shown, hidden, hiddenLate } = fitColumns(columns, room - AS_OF_WIDTH);
  return (
    <ul className="trustStrip" data-testid="trust-strip">
      <AsOf />
      {shown.map((column) => (
        <Column key={column.id} column={column} name={column.label} />
      ))}
      {hidden > 0 && (
        <li className={hiddenLate > 0 ? 'trustColumn late' : 'trustColumn'} data-hidden-sources={hidden}>
          <span className="trustName">
            {hiddenLate > 0 && <HourglassMark />}
            {t('trust.more', { n: count(hidden) })}
          </span>
          <span className="trustAge">{hiddenLate > 0 && t('trust.late', { n: count(hiddenLate) })}</span>
        </li>
      )}
    </ul>
  );
}

/** From this pace on seconds are no more than a blur: times are shown to the minute. */
const MINUTES_FROM_PACE = 60;

/**
 * The times that the header shows, all of one look at the board, once a second: so its clock is never behind 数据截至,
 * though frames tell the time twenty times a second and a fast clock runs an hour meanwhile. 数据截至 is the last word of
 * the server for as long as the canary proves that reports pass (`lateMs` undefined), else the last canary's (`provenAt`).
 */
function useTimes() {
  const { store } = useWallParts();
  const { at } = useFigures();
  return useMemo(() => {
    const snapshot = store.snapshot();
    if (snapshot === undefined) throw new Error('the header is shown before its first board');
    const { heardAt, deployment, board, pulsedMs } = snapshot;
    const { speed } = snapshot.clock;
    const coarse = speed === 'max' || speed >= MINUTES_FROM_PACE;
    return {
      nowAt: Math.max(at, heardAt),
      heardAt,
      silentMs: store.elapsedMs(pulsedMs),
      lateMs: lateCanaryMs(snapshot, store.elapsedMs),
      provenAt: board.canary?.at,
      time: (instant: number) => (coarse ? timeOfDay : clockTime)(instant, deployment.timeZone),
    };
  }, [store, at]);
}

/** What the clock shows when it is not simply now; undefined on a live wall. */
function useClockChip(): string | undefined {
  const { t } = useTranslation();
  const mode = useBoardPart((snapshot) => snapshot.clock.mode);
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const { at } = useFigures();
  switch (mode) {
    case 'live':
      return undefined;
    case 'demo':
      return t('chip.demo');
    case 'replay':
      return t('chip.replay', { date: isoDate(at, zone) });
  }
}

/** What the wall shows where that is not simply what is now, and whether somebody put it there. */
function useChips(): string[] {
  const { t } = useTranslation();
  const clockChip = useClockChip();
  const spotlit = useSpotlit();
  return [...(clockChip === undefined ? [] : [clockChip]), ...(spotlit ? [t('chip.spotlight')] : [])];
}

/** The centre's name, the scene and, where the wall does not simply show what is now, what it shows. */
function NameAndScene({ scene }: { scene: Name }) {
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const chips = useChips();
  return (
    <>
      <WaveMark />
      <h1 className="centreName">{nameOf(deployment.name)}</h1>
      <span className="headerRule" />
      <span className="sceneName">{nameOf(scene)}</span>
      {chips.map((chip) => (
        <span key={chip} className="chip">
          {chip}
        </span>
      ))}
      <SoundMark />
    </>
  );
}

function DateAndClock() {
  const { t, i18n } = useTranslation();
  const { nowAt, time } = useTimes();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  return (
    <>
      <span className="headerDate">{patternDate(nowAt, zone, t('format.date'), i18n.language)}</span>
      <time className="headerClock">{time(nowAt)}</time>
    </>
  );
}

/** What the centre's name, the scene and the chips take, in design units. */
function useNameWidth(scene: Name): number {
  const { t, i18n } = useTranslation();
  const nameOf = useNames();
  const chips = useChips();
  const sound = useSoundState();
  const name = nameOf(useBoardPart((snapshot) => snapshot.deployment.name));
  // In English the centre's name takes two lines of at most 330 units (header.css).
  const nameWidth = i18n.language === 'en' ? Math.min(330, textEm(name) * 24) : textEm(name) * 32;
  const silence = sound === 'on' ? 0 : textEm(t(`sound.${sound}`)) * 18 + 42;
  const chipsWidth = chips.reduce((sum, chip) => sum + textEm(chip) * 20 + 43, 0);
  return nameWidth + textEm(nameOf(scene)) * 26 + chipsWidth + silence;
}

/** The header over one screen of the wall, or over all of it. */
export function Header({ part, scene }: { part: HeaderPart; scene: Name }) {
  const nameOf = useNames();
  const unit = useUnit();
  const header = useRef<HTMLElement>(null);
  const width = usePanelSize(header).width / unit;
  const nameWidth = useNameWidth(scene);
  const content = () => {
    switch (part) {
      case 'whole':
        return (
          <>
            <NameAndScene scene={scene} />
            <span className="headerSpace" />
            <TrustStrip room={width - HEADER_FIXED - nameWidth} />
            <span className="headerRule" />
            <DateAndClock />
          </>
        );
      case 'name':
        return <NameAndScene scene={scene} />;
      case 'map':
        return <MapTitle />;
      case 'scene':
        return (
          <>
            <span className="sceneName">{nameOf(scene)}</span>
            <span className="headerSpace" />
            <ul className="trustStrip">
              <AsOf />
            </ul>
          </>
        );
      case 'trust':
        return (
          <>
            <TrustStrip room={width - TRUST_FIXED} />
            <span className="headerSpace" />
            <DateAndClock />
          </>
        );
    }
  };
  return (
    <header className="header" data-part={part} ref={header}>
      {content()}
    </header>
  );
}
