import {
  type BoardReader,
  createBoardReader,
  decodeEventFrame,
  decodeHistory,
  decodePulse,
  decodeWallCommand,
} from '../../protocol/decode.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import type { PushedConfig } from '../../protocol/kioskConfig.ts';
import { PROTOCOL_VERSION, type SubscribeRequest, type WallCommand, type WallReport } from '../../protocol/wire.ts';
import type { WallClock } from './clock.ts';
import type { LiveSocket } from './liveSocket.ts';
import { STALE_AFTER_MS, type WallStore } from './wallStore.ts';

/** No pulse for this long: the socket is dead though nobody has said so, and is made anew. */
export const DEAD_AFTER_MS = 10_000;
/** Nothing of a board may be heard for so long: it is reckoned and written first, and each part of it is a sign of life. */
export const ANSWER_WITHIN_MS = 60_000;

export type FeedState = 'live' | 'stale' | 'offline';

/**
 * `refused` ends the connection: without a valid token there is nothing to ask for, and an incompatible page must be
 * replaced first. Everything else it gets over by itself.
 */
export type LinkState =
  | { readonly kind: 'linked'; readonly feed: FeedState; readonly retries: number; readonly lostForMs: number }
  | { readonly kind: 'refused'; readonly reason: 'unauthorized' }
  /** `version`: the server's, where it tells it. */
  | { readonly kind: 'refused'; readonly reason: 'incompatible'; readonly version?: string };

export interface Connection {
  state(): LinkState;
  /** Tells the server how the machine fares; nothing while there is no link. */
  report(report: WallReport): void;
  subscribe(listener: () => void): () => void;
  close(): void;
}

/**
 * Keeps the store in step with the server. It alone says what the link is like: subscribes with the position it has,
 * subscribes again on a gap, and lets nothing through that does not decode (such a frame counts as a gap).
 */
export function connect(options: {
  readonly socket: LiveSocket;
  readonly store: WallStore;
  readonly clock: WallClock;
  readonly monotonicNow: () => number;
  readonly screens: SubscribeRequest['screens'];
  /** Runs `check` about once a second until its result is called; the page's interval, a test's own hand. */
  readonly everySecond: (check: () => void) => () => void;
  /** The server asks for the page to be loaded anew. */
  readonly onReload: () => void;
  /** What the server asks the wall to show. */
  readonly onShow: (command: Extract<WallCommand, { readonly kind: 'show' }>) => void;
  /** What the server configures; a page that keeps no configuration leaves it out. */
  readonly onConfigure?: ((config: PushedConfig) => void) | undefined;
}): Connection {
  const { socket, store, clock, monotonicNow, screens, everySecond, onReload, onShow, onConfigure } = options;
  const listeners = new Set<() => void>();
  let state: LinkState = { kind: 'linked', feed: 'offline', retries: 0, lostForMs: 0 };
  let connected = false;
  /** The server closed in order (it stops, or has revoked the token); Socket.IO does not come back from that by itself. */
  let endedByServer = false;
  /** Reads the answer that is waited for, and what comes ahead of it; undefined while none is. */
  let arriving: BoardReader | undefined;
  let subscribed = false;
  let heardMs = monotonicNow();
  /** The last sign of life of this very socket; a new one gets its full time to answer. */
  let aliveMs = heardMs;
  let lostMs = monotonicNow();
  let retries = 0;
  let expectedSeq = 0;

  const setState = (next: LinkState) => {
    state = next;
    for (const listener of [...listeners]) listener();
  };
  const feed = (): FeedState => {
    if (!connected || !subscribed) return 'offline';
    return monotonicNow() - heardMs > STALE_AFTER_MS ? 'stale' : 'live';
  };
  const noticeSilence = () => {
    if (subscribed && monotonicNow() - heardMs > STALE_AFTER_MS) store.cutOff(heardMs);
  };
  const report = () => {
    if (state.kind === 'refused') return;
    noticeSilence();
    const now = feed();
    // A board that was kept over a cold start has been cut off for longer than this page has been there
    const cutMs = now === 'stale' ? heardMs : (store.cutOffSinceMs() ?? lostMs);
    const lostForMs = now === 'live' ? 0 : monotonicNow() - cutMs;
    if (
      state.feed === now &&
      state.retries === retries &&
      Math.floor(state.lostForMs / 1000) === Math.floor(lostForMs / 1000)
    )
      return;
    setState({ kind: 'linked', feed: now, retries, lostForMs });
  };
  const refuse = (reason: 'unauthorized' | 'incompatible', version?: string) => {
    setState({ kind: 'refused', reason, ...(version === undefined ? {} : { version }) });
    socket.disconnect();
  };
  /** Whatever comes after a silence: what was known before it is remembered, for the receipt. */
  const heard = () => {
    noticeSilence();
    heardMs = monotonicNow();
    aliveMs = heardMs;
  };
  const lost = () => {
    connected = false;
    arriving = undefined;
    if (subscribed) {
      subscribed = false;
      lostMs = heardMs;
      store.cutOff(heardMs);
    }
    report();
  };

  const subscribe = () => {
    if (arriving !== undefined || !connected) return;
    const reader = createBoardReader();
    arriving = reader;
    const asked = store.position();
    const gap = store.gap();
    const request: SubscribeRequest = {
      protocol: PROTOCOL_VERSION,
      packed: true,
      ...asked,
      ...(gap === undefined ? {} : { gap }),
      ...(screens === undefined ? {} : { screens }),
    };
    socket.emit(
      'board:subscribe',
      encodeInstants(request, () => 0),
      (raw) => {
        if (!connected || arriving !== reader) return;
        arriving = undefined;
        const decoded = reader.answer(raw);
        if (!decoded.ok) {
          // The page cannot read this server: the same as a version it does not know.
          refuse('incompatible');
          return;
        }
        const answer = decoded.value;
        if (!answer.ok) {
          if (answer.reason === 'unauthorized') refuse('unauthorized');
          else refuse('incompatible', answer.version);
          return;
        }
        clock.sync(answer.at, answer.clock);
        heard();
        subscribed = true;
        expectedSeq = 0;
        retries = 0;
        // The link is live again when the board of this answer is shown, in one render
        const stop = store.subscribe(() => {
          stop();
          report();
        });
        if (store.resume(answer)) return;
        stop();
        store.forgetPosition();
        subscribe();
      },
    );
  };

  const onEvents = (raw: unknown) => {
    if (arriving !== undefined || !subscribed) return;
    const decoded = decodeEventFrame(raw);
    heard();
    if (decoded.ok && store.apply(decoded.value) !== 'gap') return;
    if (!decoded.ok) store.forgetPosition();
    subscribe();
  };
  const onPulse = (raw: unknown) => {
    const decoded = decodePulse(raw);
    if (!decoded.ok || arriving !== undefined || !subscribed) return;
    const pulse = decoded.value;
    heard();
    clock.sync(pulse.at, pulse.clock);
    store.pulse(pulse);
    report();
    // Still behind what the pulse before said, though frames take milliseconds: one got lost on the way.
    const position = store.position();
    if (position === undefined || pulse.epoch !== position.epoch || position.seq < expectedSeq) subscribe();
    expectedSeq = pulse.seq;
  };

  socket.on('connect', () => {
    connected = true;
    aliveMs = monotonicNow();
    subscribe();
  });
  socket.on('disconnect', ((reason: string) => {
    endedByServer = reason === 'io server disconnect';
    lost();
  }) as (...values: never[]) => void);
  socket.on('connect_error', ((error: Error) => {
    if (error.message === 'unauthorized') refuse('unauthorized');
    else report();
  }) as (...values: never[]) => void);
  socket.io.on('reconnect_attempt', (attempt) => {
    retries = attempt;
    report();
  });
  socket.on('board:part', ((raw: unknown) => {
    aliveMs = monotonicNow();
    arriving?.part(raw);
  }) as (...values: never[]) => void);
  socket.on('board:events', onEvents as (...values: never[]) => void);
  socket.on('board:pulse', onPulse as (...values: never[]) => void);
  socket.on('board:history', ((raw: unknown) => {
    const decoded = decodeHistory(raw);
    if (decoded.ok) store.renewHistory(decoded.value);
  }) as (...values: never[]) => void);
  socket.on('wall:command', ((raw: unknown) => {
    const decoded = decodeWallCommand(raw);
    if (!decoded.ok) return;
    const command = decoded.value;
    switch (command.kind) {
      case 'reload':
        return onReload();
      case 'show':
        return onShow(command);
      case 'configure':
        return onConfigure?.(command.config);
      default:
        return command satisfies never;
    }
  }) as (...values: never[]) => void);

  const stopChecking = everySecond(() => {
    if (state.kind === 'refused') return;
    if (endedByServer) {
      endedByServer = false;
      socket.connect();
    }
    if (connected && monotonicNow() - aliveMs > (arriving !== undefined ? ANSWER_WITHIN_MS : DEAD_AFTER_MS)) {
      socket.disconnect();
      lost();
      socket.connect();
    }
    report();
  });
  socket.connect();

  return {
    state: () => state,
    report(report) {
      if (subscribed) socket.volatile.emit('wall:report', report);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      stopChecking();
      socket.disconnect();
      listeners.clear();
    },
  };
}
