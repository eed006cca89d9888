import { Tabs } from '@base-ui/react/tabs';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures, useFiguresIfAny, useWallParts } from '../live/useWall.ts';
import { trustColumns } from '../panels/header/trust.ts';
import { CheckMark, HourglassMark } from '../panels/marks/AlertMark.tsx';
import { WaveMark } from '../panels/marks/WaveMark.tsx';
import { SoundMark } from '../panels/sound/SoundMark.tsx';
import { clockTime, count } from '../words/formats.ts';
import { useDesk } from './deskContext.ts';
import type { DeskTab } from './place.ts';

/** n/m of the sources are well, and as of when; a late one turns violet. */
function Sources() {
  const { t } = useTranslation('desk');
  const { clock, store } = useWallParts();
  useFigures();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { sources, pulsedMs, heardAt } = useBoardPart((snapshot) => snapshot);
  const columns = trustColumns(deployment.sources, sources, store.elapsedMs(pulsedMs), clock.pace());
  const late = columns.filter((column) => column.late).length;
  return (
    <span className={late > 0 ? 'deskSources late' : 'deskSources'} data-testid="desk-sources">
      {late > 0 ? <HourglassMark /> : <CheckMark />}
      {columns.length === 0
        ? t('shell.noSources')
        : t('shell.sources', { live: count(columns.length - late), all: count(columns.length) })}
      <strong>{clockTime(heardAt, deployment.timeZone)}</strong>
    </span>
  );
}

function Clock() {
  const { at } = useFigures();
  const heardAt = useBoardPart((snapshot) => snapshot.heardAt);
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  return <time className="deskClock">{clockTime(Math.max(at, heardAt), zone)}</time>;
}

export function DeskHeader({ tabs, onAccount }: { tabs: readonly DeskTab[]; onAccount: () => void }) {
  const { t } = useTranslation('desk');
  const { user } = useDesk();
  const ready = useFiguresIfAny() !== undefined;
  return (
    <header className="deskHeader">
      <h1 className="deskTitle">
        <WaveMark />
        {t('entry.title')}
      </h1>
      <Tabs.List className="deskTabs" aria-label={t('shell.tabs')}>
        {tabs.map((tab) => (
          <Tabs.Tab key={tab} value={tab} className="deskTab">
            {t(`shell.${tab}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <SoundMark />
      <span className="deskSpace" />
      {ready && <Sources />}
      <span className="deskRule" />
      <button type="button" className="deskUser" data-testid="account" onClick={onAccount}>
        <strong>{user.name}</strong> <span className="deskRole">{t(`shell.${user.role}`)}</span>
        <span className="visuallyHidden">{t('settings.title')}</span>
      </button>
      <span className="deskRule" />
      {ready && <Clock />}
    </header>
  );
}
