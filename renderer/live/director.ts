import { FIRST_SCENE } from '../../domain/scene.ts';
import { readSceneChoice, type SceneChoice } from '../../domain/sceneChoice.ts';

/** Which scene the wall shows. */
export interface Director {
  scene(): SceneChoice;
  subscribe(changed: () => void): () => void;
  show(choice: SceneChoice): void;
}

/** The scene that the page's address asks for, `?scene=grid:xuzhuang`; undefined where it asks for none. */
export function sceneInAddress(search: string): SceneChoice | undefined {
  const asked = new URLSearchParams(search).get('scene');
  return asked === null || asked === '' ? undefined : readSceneChoice(asked);
}

/** `first`: what the wall shows at its start; absent: the scene of every hall. */
export function createDirector(first?: SceneChoice): Director {
  let shown = first ?? { id: FIRST_SCENE };
  const listeners = new Set<() => void>();
  return {
    scene: () => shown,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    show(choice) {
      if (choice.id === shown.id && choice.argument === shown.argument) return;
      shown = choice;
      for (const listener of listeners) listener();
    },
  };
}
