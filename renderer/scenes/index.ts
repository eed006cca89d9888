import { FIRST_SCENE, type Scene } from '../../domain/scene.ts';
import { sceneSchema } from '../../protocol/scene.ts';
import brief from './brief.json' with { type: 'json' };
import departments from './departments.json' with { type: 'json' };
import dispatch from './dispatch.json' with { type: 'json' };

/** Scenes that come with the product, each one file; `domain/sceneChoice.ts` names them for the server. */
const BUNDLED: ReadonlyMap<string, Scene> = new Map(
  [dispatch, brief, departments].map((file) => {
    const scene = sceneSchema.parse(file);
    return [scene.id, scene];
  }),
);

/** The scene of this id: the deployment's own before a bundled one; without either the first scene. */
export function sceneOf(id: string, own: readonly Scene[] = []): Scene {
  const scene = own.find((one) => one.id === id) ?? BUNDLED.get(id) ?? BUNDLED.get(FIRST_SCENE);
  if (scene === undefined) throw new Error('the first scene is missing');
  return scene;
}

export function bundledScenes(): readonly Scene[] {
  return [...BUNDLED.values()];
}
