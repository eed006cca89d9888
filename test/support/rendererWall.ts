import type { Ticket } from '../../domain/ticket.ts';
import { createWallClock } from '../../renderer/live/clock.ts';
import { type Connection, connect } from '../../renderer/live/connection.ts';
import { type LiveSocket, openWallSocket } from '../../renderer/live/liveSocket.ts';
import { createWallStore, type WallSnapshot } from '../../renderer/live/wallStore.ts';

/** The page's own live part, without a screen: its store, its connection, the socket that it really opens. */
export interface RendererWall {
  readonly connection: Connection;
  snapshot(): WallSnapshot | undefined;
  tickets(): Ticket[];
  /** Settles once it is live and stands at this event of this server, or a later one. */
  reached(epoch: string, seq: number): Promise<void>;
  close(): void;
}

/** How often it looks after its link; the page does each second. */
const CHECK_EVERY_MS = 200;

export function openRendererWall(
  serverUrl: string,
  token: string,
  /** Puts something between the wall and its socket. */
  between: (socket: LiveSocket) => LiveSocket = (socket) => socket,
): RendererWall {
  const monotonicNow = () => performance.now();
  const store = createWallStore({
    monotonicNow,
    requestFrame(run) {
      const timer = setTimeout(run, 16);
      return () => clearTimeout(timer);
    },
  });
  const connection = connect({
    socket: between(openWallSocket(serverUrl, token)),
    store,
    clock: createWallClock(monotonicNow),
    monotonicNow,
    screens: undefined,
    everySecond(check) {
      const timer = setInterval(check, CHECK_EVERY_MS);
      return () => clearInterval(timer);
    },
    onReload: () => {},
    onShow: () => {},
  });
  return {
    connection,
    snapshot: store.snapshot,
    tickets: () => [...(store.snapshot()?.board.tickets.values() ?? [])],
    reached(epoch, seq) {
      return new Promise((resolve) => {
        const stops: (() => void)[] = [];
        const look = () => {
          const state = connection.state();
          const now = store.snapshot();
          if (state.kind !== 'linked' || state.feed !== 'live') return;
          if (now === undefined || now.epoch !== epoch || now.seq < seq) return;
          for (const stop of stops) stop();
          resolve();
        };
        stops.push(store.subscribe(look), connection.subscribe(look));
        look();
      });
    },
    close() {
      connection.close();
      store.close();
    },
  };
}
