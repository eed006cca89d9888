import type { Vitals } from '../../protocol/ipc.ts';
import type { PushedConfig } from '../../protocol/kioskConfig.ts';
import { localDay } from '../words/formats.ts';
import { type Speaker, startAnnunciator } from './annunciator.ts';
import { createWallClock, type WallClock } from './clock.ts';
import { type Connection, connect } from './connection.ts';
import { createDirector, type Director, sceneInAddress } from './director.ts';
import { createFiguresFeed, type FiguresFeed } from './figuresFeed.ts';
import { screensOf, wallSocket } from './firstLink.ts';
import { timeout as after, animationFrame, createFrameScheduler, type FrameScheduler } from './frameScheduler.ts';
import { type BoardKeeper, keepLastBoard } from './keptBoard.ts';
import type { LiveSocket } from './liveSocket.ts';
import { reportMachine } from './machineReport.ts';
import { followUpgrades } from './pageUpgrade.ts';
import { openSpeaker } from './speaker.ts';
import { createWallStore, type WallStore } from './wallStore.ts';

/** The parts of a running wall that its panels look at; made once in main.tsx, or with a frozen clock by the stories. */
export interface WallParts {
  readonly store: WallStore;
  readonly clock: WallClock;
  readonly figures: FiguresFeed;
  readonly connection: Pick<Connection, 'state' | 'subscribe'>;
  readonly scheduler: FrameScheduler;
  readonly director: Director;
  readonly speaker: Pick<Speaker, 'state' | 'subscribe'>;
  /** Real ms that never run backwards: what a person waits, whatever the domain clock does. */
  readonly monotonicNow: () => number;
  /** No movement at all: the kiosk's flag, or the viewer's own wish. */
  readonly stillness: boolean;
}

function everySecond(check: () => void): () => void {
  const timer = setInterval(check, 1000);
  return () => clearInterval(timer);
}

interface Manner {
  readonly stillness: boolean;
  readonly sound: boolean;
  /** 0 to 1; left out: full. */
  readonly volume?: number;
}

/** What a kiosk does for its page: keeps a board, knows its machine and keeps what the server configures. */
export interface Machine extends BoardKeeper {
  /** Whether this page speaks for the whole kiosk, which may have several. */
  readonly leads: boolean;
  readonly version: string;
  vitals(): Promise<Vitals>;
  configure(config: PushedConfig): void;
}

/** Puts a running wall together for one server and token; `close` ends everything it opened. */
export function startWall(
  options: Manner & { readonly serverUrl: string; readonly token: string; readonly machine?: Machine | undefined },
): WallParts & { readonly close: () => void } {
  const wall = startBoard({ ...options, socket: wallSocket(options.serverUrl, options.token) });
  if (options.machine !== undefined) return wall;
  const stopFollowing = followUpgrades({
    store: wall.store,
    fetchPage: async () => (await fetch(location.pathname, { cache: 'no-store' })).text(),
    ownHtml: document.documentElement.outerHTML,
    reload: () => location.reload(),
  });
  return {
    ...wall,
    close() {
      stopFollowing();
      wall.close();
    },
  };
}

/** The same over a socket of any namespace that speaks as `/wall` does. */
export function startBoard(
  options: Manner & { readonly socket: LiveSocket; readonly machine?: Machine | undefined },
): WallParts & {
  readonly close: () => void;
} {
  const { machine } = options;
  const monotonicNow = () => performance.now();
  const clock = createWallClock(monotonicNow);
  const store = createWallStore({ monotonicNow });
  const figures = createFiguresFeed({ store, clock, localDay, after });
  const director = createDirector({ first: sceneInAddress(location.search), after });
  const connection = connect({
    socket: options.socket,
    store,
    clock,
    monotonicNow,
    everySecond,
    screens: screensOf(window),
    onReload: () => location.reload(),
    onShow: director.obey,
    onConfigure: machine?.leads === true ? machine.configure : undefined,
  });
  const serve = () => {
    if (machine === undefined) return [];
    const closeKeeper = keepLastBoard({ store, clock, connection, keeper: machine, keeps: machine.leads, after });
    if (!machine.leads) return [closeKeeper];
    const { report } = connection;
    return [closeKeeper, reportMachine({ machine, report, requestFrame: animationFrame, monotonicNow, after })];
  };
  const closeMachine = serve();
  const speaker = openSpeaker(window, options.sound, options.volume);
  const scheduler = createFrameScheduler({ monotonicNow });
  store.subscribe(scheduler.committed);
  const closeAnnunciator = startAnnunciator({ figures, speaker, monotonicNow });
  return {
    store,
    clock,
    figures,
    connection,
    scheduler,
    director,
    speaker,
    monotonicNow,
    stillness: options.stillness,
    close() {
      for (const close of closeMachine) close();
      closeAnnunciator();
      speaker.close();
      connection.close();
      director.close();
      figures.close();
      store.close();
    },
  };
}
