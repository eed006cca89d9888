import type { Name } from '../../domain/deployment.ts';
import { FIRST_SCENE, type Scene } from '../../domain/scene.ts';
import type { Domain } from '../../domain/ticket.ts';
import { sceneSchema } from '../../protocol/scene.ts';
import brief from './brief.json' with { type: 'json' };
import departments from './departments.json' with { type: 'json' };
import dispatch from './dispatch.json' with { type: 'json' };
import domain from './domain.json' with { type: 'json' };
import { perDomain } from './domains.ts';
import grid from './grid.json' with { type: 'json' };
import ticket from './ticket.json' with { type: 'json' };

const FILES = [dispatch, brief, departments, grid, ticket, domain];

const read = new Map<object, readonly Scene[]>();

/** What a file holds: a scene, or the same for each domain. Read when it is wanted: a wall begins with one scene of ten. */
function scenesIn(file: object): readonly Scene[] {
  const known = read.get(file);
  if (known !== undefined) return known;
  const scene = sceneSchema.parse(file);
  const scenes = file === domain ? perDomain(scene) : [scene];
  read.set(file, scenes);
  return scenes;
}

/** A scene that comes with the product, each one file; `domain/sceneChoice.ts` names them for the server. */
function bundledScene(id: string): Scene | undefined {
  const file = FILES.find((one) => one.id === id) ?? domain;
  return scenesIn(file).find((scene) => scene.id === id);
}

/** The scene of this id: the deployment's own before a bundled one; without either the first scene. */
export function sceneOf(id: string, own: readonly Scene[] = []): Scene {
  const scene = own.find((one) => one.id === id) ?? bundledScene(id) ?? bundledScene(FIRST_SCENE);
  if (scene === undefined) throw new Error('the first scene is missing');
  return scene;
}

/** What the header calls a scene: its title and, where it is about one domain, that one's name. */
export function titleOf(
  { title, domain }: Scene,
  domains: readonly { readonly id: Domain; readonly name: Name }[],
): Name {
  const subject = domains.find(({ id }) => id === domain)?.name;
  if (subject === undefined) return title;
  return { zh: `${title.zh} · ${subject.zh}`, en: `${title.en ?? title.zh} · ${subject.en ?? subject.zh}` };
}

export function bundledScenes(): readonly Scene[] {
  return FILES.flatMap(scenesIn);
}
