import { Tabs } from '@base-ui/react/tabs';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { openDeskSocket } from '../live/liveSocket.ts';
import { wantsSound } from '../live/speaker.ts';
import { wantsStillness } from '../live/stillness.ts';
import { useFiguresIfAny, useLink, WallContext, type WallParts } from '../live/useWall.ts';
import { startBoard } from '../live/wall.ts';
import { HourglassMark } from '../panels/marks/AlertMark.tsx';
import { type DeskRules, readRules } from './alert/alertWire.ts';
import { NoAlert } from './alert/NoAlert.tsx';
import type { Api } from './api.ts';
import { createCommands, followKeys } from './commands.ts';
import { DeskHeader } from './DeskHeader.tsx';
import { type Desk, DeskContext, useDesk } from './deskContext.ts';
import type { Drafts } from './drafts.ts';
import { Notifier } from './notify/Notifier.tsx';
import { DESK_TABS, type DeskTab } from './place.ts';
import { Queue } from './queue/Queue.tsx';
import type { SignedOutWhy } from './session/SignIn.tsx';
import { readUser, type User } from './session/user.ts';
import { usePlace } from './usePlace.ts';

const AlertPane = lazy(async () => ({ default: (await import('./alert/AlertPane.tsx')).AlertPane }));
const GroupPane = lazy(async () => ({ default: (await import('./group/GroupPane.tsx')).GroupPane }));
const AuditPanel = lazy(async () => ({ default: (await import('./audit/AuditPanel.tsx')).AuditPanel }));
const SearchPanel = lazy(async () => ({ default: (await import('./search/SearchPanel.tsx')).SearchPanel }));
const SettingsDialog = lazy(async () => ({ default: (await import('./settings/SettingsDialog.tsx')).SettingsDialog }));

interface WorkspaceProps {
  readonly api: Api;
  readonly user: User;
  readonly drafts: Drafts;
  readonly onEnded: (why: SignedOutWhy) => void;
}

const NARROW = matchMedia('(max-width: 1199px)');

/** No room for three columns: the query gets a tab of its own. */
function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      NARROW.addEventListener('change', changed);
      return () => NARROW.removeEventListener('change', changed);
    },
    () => NARROW.matches,
  );
}

function Screens({ onEnded, onRelink }: Pick<WorkspaceProps, 'onEnded'> & { onRelink: () => void }) {
  const { t } = useTranslation('desk');
  const link = useLink();
  const { place, goTo } = usePlace();
  const { api, user } = useDesk();
  const ready = useFiguresIfAny() !== undefined;
  const [settings, setSettings] = useState(false);
  const narrow = useNarrow();
  const tabs = DESK_TABS.filter((tab) => (tab === 'search' ? narrow : tab !== 'audit' || user.role === 'admin'));
  const tab = tabs.includes(place.tab) ? place.tab : 'alerts';
  const bodyTab = tab === 'search' ? 'search' : 'alerts';
  const close = useCallback(() => goTo({ alertId: undefined, groupKey: undefined }), [goTo]);
  const signOut = async () => {
    const answer = await api.signOut();
    if (answer.ok && answer.value !== null) location.assign(answer.value);
    // Without an answer the cookie is still there, and so is whoever sits here
    else if (answer.ok) onEnded('signedOut');
  };
  const unauthorized = link.kind === 'refused' && link.reason === 'unauthorized';
  useEffect(() => {
    if (!unauthorized) return;
    let wanted = true;
    // A new password ends the socket a moment before the new cookie is here: the session itself says whether it is over
    void api.get('/session', readUser).then((answer) => {
      if (wanted && (answer.ok || answer.refusal.reason !== 'unauthorized')) onRelink();
    });
    return () => {
      wanted = false;
    };
  }, [unauthorized, api, onRelink]);
  if (link.kind === 'refused' && link.reason === 'incompatible') {
    return (
      <main className="deskWaiting">
        <p>{t('shell.incompatible')}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {t('shell.reload')}
        </button>
      </main>
    );
  }
  return (
    <Tabs.Root
      className="desk"
      data-testid="desk"
      data-feed={link.kind === 'linked' ? link.feed : 'offline'}
      value={tab}
      onValueChange={(chosen) => goTo({ tab: chosen as DeskTab })}
    >
      <DeskHeader tabs={tabs} onAccount={() => setSettings(true)} />
      {link.kind === 'linked' && link.feed !== 'live' && ready && (
        <p className="deskOffline" role="status" data-testid="desk-offline">
          <HourglassMark />
          <strong>{t('shell.offline')}</strong> {t('shell.offlineHint')}
        </p>
      )}
      <main className="deskMain">
        <Tabs.Panel value={bodyTab} className="deskBody" data-tab={bodyTab} tabIndex={-1}>
          <Queue />
          <Suspense fallback={<section className="deskColumn" />}>
            {!ready ? (
              <section className="deskColumn" />
            ) : place.groupKey !== undefined ? (
              <GroupPane groupKey={place.groupKey} onClose={close} />
            ) : place.alertId !== undefined ? (
              <AlertPane alertId={place.alertId} onClose={close} />
            ) : (
              <NoAlert />
            )}
          </Suspense>
          <Suspense fallback={<section className="deskColumn search" />}>
            {ready ? <SearchPanel /> : <section className="deskColumn search" />}
          </Suspense>
        </Tabs.Panel>
        {tabs.includes('audit') && (
          <Tabs.Panel value="audit" className="auditBody">
            <Suspense>{ready && <AuditPanel />}</Suspense>
          </Tabs.Panel>
        )}
      </main>
      {ready && <Notifier onOpen={(alertId) => goTo({ tab: 'alerts', alertId, groupKey: undefined })} />}
      <Suspense>
        {settings && (
          <SettingsDialog hasBoard={ready} onClose={() => setSettings(false)} onSignOut={() => void signOut()} />
        )}
      </Suspense>
    </Tabs.Root>
  );
}

/** One live link of a visit to the desk; its owner makes another one where it was refused before its time. */
function LiveDesk(props: {
  desk: Omit<Desk, 'rules'>;
  rules: DeskRules | undefined;
  onRules: (rules: DeskRules) => void;
  onEnded: (why: SignedOutWhy) => void;
  onRelink: () => void;
}) {
  const { desk, rules, onRules, onEnded, onRelink } = props;
  const { api } = desk;
  const [parts, setParts] = useState<WallParts>();
  useEffect(() => {
    const board = startBoard({
      socket: openDeskSocket(location.origin),
      stillness: wantsStillness(location.search, matchMedia('(prefers-reduced-motion: reduce)').matches),
      sound: wantsSound(location.search),
    });
    setParts(board);
    return () => {
      board.close();
      setParts(undefined);
    };
  }, []);
  useEffect(() => {
    if (parts === undefined || rules !== undefined) return;
    // Asked again with every return of the link, until they are there
    const ask = () => {
      const link = parts.connection.state();
      if (link.kind !== 'linked' || link.feed !== 'live') return;
      void api.get('/deployment', readRules).then((answer) => {
        if (answer.ok) onRules(answer.value);
      });
    };
    ask();
    return parts.connection.subscribe(ask);
  }, [parts, rules, api, onRules]);
  const whole = useMemo<Desk>(() => ({ ...desk, rules }), [desk, rules]);
  if (parts === undefined) return null;
  return (
    <WallContext value={parts}>
      <DeskContext value={whole}>
        <Screens onEnded={onEnded} onRelink={onRelink} />
      </DeskContext>
    </WallContext>
  );
}

/** The desk of somebody who has signed in: the live board by `/desk`, commands by HTTP. */
export function Workspace({ api, user, drafts, onEnded }: WorkspaceProps) {
  const { goTo } = usePlace();
  const [rules, setRules] = useState<DeskRules>();
  const [commands] = useState(createCommands);
  const [links, setLinks] = useState(1);
  const relink = useCallback(() => setLinks((count) => count + 1), []);
  const desk = useMemo(() => ({ api, user, drafts, commands }), [api, user, drafts, commands]);
  useEffect(
    () =>
      followKeys(window, {
        run(command) {
          // What is not on screen takes no focus
          if (command.kind === 'search' && NARROW.matches) flushSync(() => goTo({ tab: 'search' }));
          return commands.run(command);
        },
      }),
    [commands, goTo],
  );
  return <LiveDesk key={links} desk={desk} rules={rules} onRules={setRules} onEnded={onEnded} onRelink={relink} />;
}
