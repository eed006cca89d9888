import { localDay } from '../words/formats.ts';
import { createWallClock } from './clock.ts';
import { connect, openWallSocket } from './connection.ts';
import { createFiguresFeed } from './figuresFeed.ts';
import { createFrameScheduler } from './frameScheduler.ts';
import type { WallParts } from './useWall.ts';
import { createWallStore } from './wallStore.ts';

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

function everySecond(check: () => void): () => void {
  const timer = setInterval(check, 1000);
  return () => clearInterval(timer);
}

/** Puts a running wall together for one server and token; `close` ends everything it opened. */
export function startWall(options: {
  readonly serverUrl: string;
  readonly token: string;
  readonly stillness: boolean;
}): WallParts & { readonly close: () => void } {
  const monotonicNow = () => performance.now();
  const clock = createWallClock(monotonicNow);
  const store = createWallStore({ monotonicNow });
  const figures = createFiguresFeed({ store, clock, localDay, after });
  const connection = connect({
    socket: openWallSocket(options.serverUrl, options.token),
    store,
    clock,
    monotonicNow,
    everySecond,
    screens: [{ width: innerWidth, height: innerHeight, scale: devicePixelRatio }],
    onReload: () => location.reload(),
  });
  return {
    store,
    clock,
    figures,
    connection,
    scheduler: createFrameScheduler(),
    stillness: options.stillness,
    close() {
      connection.close();
      figures.close();
      store.close();
    },
  };
}
