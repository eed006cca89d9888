import { localDay } from '../words/formats.ts';
import { type Speaker, startAnnunciator } from './annunciator.ts';
import { createWallClock, type WallClock } from './clock.ts';
import { type Connection, connect, type LiveSocket, openWallSocket } from './connection.ts';
import { createDirector, type Director, sceneInAddress } from './director.ts';
import { createFiguresFeed, type FiguresFeed } from './figuresFeed.ts';
import { createFrameScheduler, type FrameScheduler } from './frameScheduler.ts';
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

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

function everySecond(check: () => void): () => void {
  const timer = setInterval(check, 1000);
  return () => clearInterval(timer);
}

interface Manner {
  readonly stillness: boolean;
  readonly sound: boolean;
}

/** Puts a running wall together for one server and token; `close` ends everything it opened. */
export function startWall(
  options: Manner & { readonly serverUrl: string; readonly token: string },
): WallParts & { readonly close: () => void } {
  return startBoard({ ...options, socket: openWallSocket(options.serverUrl, options.token) });
}

/** The same over a socket of any namespace that speaks as `/wall` does. */
export function startBoard(options: Manner & { readonly socket: LiveSocket }): WallParts & {
  readonly close: () => void;
} {
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
    screens: [{ width: innerWidth, height: innerHeight, scale: devicePixelRatio }],
    onReload: () => location.reload(),
    onShow: director.obey,
  });
  const speaker = openSpeaker(window, options.sound);
  const closeAnnunciator = startAnnunciator({ figures, speaker, monotonicNow });
  return {
    store,
    clock,
    figures,
    connection,
    scheduler: createFrameScheduler(),
    director,
    speaker,
    monotonicNow,
    stillness: options.stillness,
    close() {
      closeAnnunciator();
      speaker.close();
      connection.close();
      director.close();
      figures.close();
      store.close();
    },
  };
}
