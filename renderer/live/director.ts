import type { SceneTurn } from '../../domain/deployment.ts';
import { FIRST_SCENE } from '../../domain/scene.ts';
import { readSceneChoice, type SceneChoice } from '../../domain/sceneChoice.ts';
import type { WallCommand } from '../../protocol/wire.ts';

/**
 * Which scene the wall shows: a ticket that was put on it (上屏) until its time is over, else what the server asks for, else
 * what was chosen at the wall itself, which may be several scenes in turns.
 */
export interface Director {
  scene(): SceneChoice;
  /** Whether the scene is a ticket that somebody put on the wall. */
  isSpotlit(): boolean;
  subscribe(changed: () => void): () => void;
  /** Chosen at the wall: the next word of the server takes it back, and turns rest until then. */
  show(choice: SceneChoice): void;
  /** All that the server asks for at present. Said again, it changes nothing. */
  obey(command: Extract<WallCommand, { readonly kind: 'show' }>): void;
  /** The turns of this deployment; none or one: the wall stays where it is. */
  takeTurns(turns: readonly SceneTurn[]): void;
  close(): void;
}

/** The scene that the page's address asks for, `?scene=grid:xuzhuang`; undefined where it asks for none. */
export function sceneInAddress(search: string): SceneChoice | undefined {
  const asked = new URLSearchParams(search).get('scene');
  return asked === null || asked === '' ? undefined : readSceneChoice(asked);
}

/** @param first what the wall shows while nobody asks for anything; absent: turns, else the scene of every hall */
export function createDirector(options: {
  readonly first?: SceneChoice | undefined;
  /** Runs after so many real ms; returns the canceller. */
  readonly after: (ms: number, run: () => void) => () => void;
}): Director {
  const { first, after } = options;
  const own: SceneChoice = first ?? { id: FIRST_SCENE };
  const listeners = new Set<() => void>();
  let base = own;
  let commanded: string | null = null;
  let spotlight: { readonly ticketId: string; readonly cancel: () => void } | undefined;
  let turns: readonly SceneTurn[] = [];
  let stopTurning = () => {};
  let shown = own;

  function look(): void {
    const next = spotlight === undefined ? base : { id: 'ticket', argument: spotlight.ticketId };
    if (next.id === shown.id && next.argument === shown.argument) return;
    shown = next;
    for (const listener of [...listeners]) listener();
  }

  function endSpotlight(): void {
    spotlight?.cancel();
    spotlight = undefined;
  }

  /** From the first turn on, as long as nobody has asked for anything else. */
  function turn(place = 0): void {
    stopTurning();
    stopTurning = () => {};
    const now = turns[place % turns.length];
    if (now === undefined || first !== undefined || commanded !== null) return;
    base = readSceneChoice(now.scene);
    if (turns.length > 1) stopTurning = after(now.seconds * 1000, () => turn(place + 1));
    look();
  }

  return {
    scene: () => shown,
    isSpotlit: () => spotlight !== undefined,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    show(choice) {
      stopTurning();
      base = choice;
      look();
    },
    obey(command) {
      if (command.scene !== commanded) {
        commanded = command.scene;
        base = commanded === null ? own : readSceneChoice(commanded);
        turn();
      }
      endSpotlight();
      if (command.spotlight !== null) {
        const { ticketId, leftMs } = command.spotlight;
        const cancel = after(leftMs, () => {
          endSpotlight();
          look();
        });
        spotlight = { ticketId, cancel };
      }
      look();
    },
    takeTurns(wanted) {
      const same =
        wanted.length === turns.length &&
        wanted.every((one, i) => one.scene === turns[i]?.scene && one.seconds === turns[i]?.seconds);
      if (same) return;
      turns = wanted;
      turn();
    },
    close() {
      stopTurning();
      endSpotlight();
      listeners.clear();
    },
  };
}
