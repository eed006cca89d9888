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
