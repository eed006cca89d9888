import type { LiveSocket } from '../../renderer/live/liveSocket.ts';
import type { SeededRandom } from './seededRandom.ts';

/** How roughly a link treats what the server sends; each a probability per message. */
export interface Roughness {
  readonly lose: number;
  readonly repeat: number;
  readonly swap: number;
  readonly hold: number;
  /** Longest time that a held message, and all after it, waits. */
  readonly holdMs: number;
}

type Listener = (...values: never[]) => void;

/**
 * A socket between a wall and the real one that loses, repeats, swaps and holds back what comes. Answers are held back
 * only: a lost one takes the wall ten seconds to get over.
 */
export function roughSocket(
  socket: LiveSocket,
  random: SeededRandom,
  rough: Roughness,
  isOver: () => boolean,
): LiveSocket {
  let held: (() => void)[] | undefined;
  let swapped: (() => void) | undefined;

  function deliver(run: () => void): void {
    if (held !== undefined) {
      held.push(run);
      return;
    }
    if (!isOver() && random.chance(rough.hold)) {
      held = [run];
      setTimeout(() => {
        const waiting = held ?? [];
        held = undefined;
        for (const late of waiting) late();
      }, random.below(rough.holdMs));
      return;
    }
    run();
  }

  function treat(run: () => void): void {
    if (isOver()) {
      deliver(run);
      return;
    }
    if (random.chance(rough.lose)) return;
    if (swapped === undefined && random.chance(rough.swap)) {
      swapped = run;
      return;
    }
    deliver(run);
    if (random.chance(rough.repeat)) deliver(run);
    const before = swapped;
    swapped = undefined;
    if (before !== undefined) deliver(before);
  }

  return {
    io: socket.io,
    volatile: socket.volatile,
    connect: () => socket.connect(),
    disconnect: () => socket.disconnect(),
    on(event: string, listener: Listener) {
      const rougher = event.startsWith('board:');
      return socket.on(event, ((...values: never[]) => {
        if (rougher) treat(() => listener(...values));
        else listener(...values);
      }) as Listener);
    },
    emit: (event, request, answer) => socket.emit(event, request, (value) => deliver(() => answer(value))),
  };
}
