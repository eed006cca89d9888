import { Tabs } from '@base-ui/react/tabs';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openDeskSocket } from '../live/connection.ts';
import { wantsSound } from '../live/speaker.ts';
import { wantsStillness } from '../live/stillness.ts';
import { useLink, WallContext, type WallParts } from '../live/useWall.ts';
import { startBoard } from '../live/wall.ts';
import type { Api } from './api.ts';
import { createCommands, followKeys } from './commands.ts';
import { DeskHeader } from './DeskHeader.tsx';
import { type Desk, DeskContext } from './deskContext.ts';
import type { Drafts } from './drafts.ts';
import type { DeskTab } from './place.ts';
import { Queue } from './queue/Queue.tsx';
import type { SignedOutWhy } from './session/SignIn.tsx';
import type { User } from './session/user.ts';
import { usePlace } from './usePlace.ts';

interface WorkspaceProps {
  readonly api: Api;
  readonly user: User;
  readonly drafts: Drafts;
  readonly onEnded: (why: SignedOutWhy) => void;
}

function Screens({ onEnded }: Pick<WorkspaceProps, 'onEnded'>) {
  const { t } = useTranslation('desk');
  const link = useLink();
  const { place, goTo } = usePlace();
  const unauthorized = link.kind === 'refused' && link.reason === 'unauthorized';
  useEffect(() => {
    if (unauthorized) onEnded('expired');
  }, [unauthorized, onEnded]);
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
      value={place.tab}
      onValueChange={(tab) => goTo({ tab: tab as DeskTab })}
    >
      <DeskHeader tabs={['alerts']} onAccount={() => onEnded('signedOut')} />
      <Tabs.Panel value="alerts" className="deskBody" tabIndex={-1} render={<main />}>
        <Queue />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

/** The desk of somebody who has signed in: the live board by `/desk`, commands by HTTP. */
export function Workspace({ api, user, drafts, onEnded }: WorkspaceProps) {
  const [parts, setParts] = useState<WallParts>();
  const desk = useMemo<Desk>(() => ({ api, user, drafts, commands: createCommands() }), [api, user, drafts]);
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
  useEffect(() => followKeys(window, desk.commands), [desk]);
  if (parts === undefined) return null;
  return (
    <WallContext value={parts}>
      <DeskContext value={desk}>
        <Screens onEnded={onEnded} />
      </DeskContext>
    </WallContext>
  );
}
