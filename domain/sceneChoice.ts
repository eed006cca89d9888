import type { Deployment } from './deployment.ts';
import { DOMAINS, type Domain } from './ticket.ts';

type DomainScene = `domain-${Domain}`;

/** Scenes that come with the product: 实时调度, 运行简报, 领域专题 of each domain, 网格态势, 部门运行, 单件. */
export const SCENES: readonly ('dispatch' | 'brief' | DomainScene | 'grid' | 'departments' | 'ticket')[] = [
  'dispatch',
  'brief',
  ...DOMAINS.map((domain): DomainScene => `domain-${domain}`),
  'grid',
  'departments',
  'ticket',
];

/** What a wall shows: a scene, and what of it: a street or community for `grid`, a ticket for `ticket`. */
export interface SceneChoice {
  readonly id: string;
  readonly argument?: string;
}

/** Reads `grid` or `grid:xuzhuang`. */
export function readSceneChoice(text: string): SceneChoice {
  const colon = text.indexOf(':');
  return colon < 0 ? { id: text } : { id: text.slice(0, colon), argument: text.slice(colon + 1) };
}

/** Why a wall of this deployment cannot be told to show it, in words for whoever asked; undefined where it can. */
export function sceneFault(
  text: string,
  { scenes = [], streets, communities, grids }: Pick<Deployment, 'scenes' | 'streets' | 'communities' | 'grids'>,
): string | undefined {
  const { id, argument } = readSceneChoice(text);
  const known = new Set<string>([...SCENES, ...scenes.map((scene) => scene.id)]);
  if (!known.has(id)) return `must be one of ${[...known].join(', ')}`;
  if (id === 'ticket') return 'a ticket is shown by a spotlight';
  if (argument === undefined) return undefined;
  if (id !== 'grid') return `${id} takes nothing after a colon`;
  return [...streets, ...communities, ...grids].some((place) => place.id === argument)
    ? undefined
    : 'no street, community or grid of this deployment stands after the colon';
}
