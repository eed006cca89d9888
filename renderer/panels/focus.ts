import { type AreaFigures, areaFigures } from '../../domain/areaFigures.ts';
import { type FocusFigures, focusFigures } from '../../domain/focusFigures.ts';
import { type BoardFigures, FRESH_MS } from '../../domain/metrics.ts';
import type { PanelOptions } from '../../domain/scene.ts';
import { DOMAINS, type Domain } from '../../domain/ticket.ts';
import type { WallDeployment } from '../../protocol/wire.ts';
import { useFigures, useWallParts, type WallParts, type WallSnapshot } from '../live/useWall.ts';

/** The domain that a slot's options name. */
export function domainOf(options: PanelOptions): Domain | undefined {
  return DOMAINS.find((domain) => domain === options.domain);
}

interface Tree {
  readonly communityOf: (gridId: string) => string | undefined;
  readonly streetOf: (communityId: string) => string | undefined;
}

const trees = new WeakMap<WallDeployment, Tree>();

/** Where the units of a deployment belong, made once per deployment. */
export function treeOf(deployment: WallDeployment): Tree {
  let tree = trees.get(deployment);
  if (tree === undefined) {
    const communities = new Map(deployment.grids.map(({ id, communityId }) => [id, communityId]));
    const streets = new Map(deployment.communities.map(({ id, streetId }) => [id, streetId]));
    tree = { communityOf: (id) => communities.get(id), streetOf: (id) => streets.get(id) };
    trees.set(deployment, tree);
  }
  return tree;
}

function snapshotOf({ store }: WallParts): WallSnapshot {
  const snapshot = store.snapshot();
  if (snapshot === undefined) throw new Error('a panel is shown before its first board');
  return snapshot;
}

/** What was reckoned for one step of the figures, shared by the panels of a scene. */
interface Reckoned {
  readonly focus: Map<Domain, FocusFigures>;
  areas?: AreaFigures;
}

const reckoned = new WeakMap<BoardFigures, Reckoned>();

function reckonedFor(figures: BoardFigures): Reckoned {
  let known = reckoned.get(figures);
  if (known === undefined) {
    known = { focus: new Map() };
    reckoned.set(figures, known);
  }
  return known;
}

function reckonFocus(domain: Domain, figures: BoardFigures, parts: WallParts): FocusFigures {
  const { focus } = reckonedFor(figures);
  const known = focus.get(domain);
  if (known !== undefined) return known;
  const { deployment, history, board } = snapshotOf(parts);
  const { communityOf, streetOf } = treeOf(deployment);
  const own = focusFigures(domain, {
    board,
    floodRule: deployment.alarms.flood,
    history,
    day: figures.day,
    now: figures.at,
    freshMs: FRESH_MS * Math.max(1, parts.clock.pace()),
    streetOf: (gridId) => streetOf(communityOf(gridId) ?? ''),
    domainHistory: history.domains[domain],
  });
  focus.set(domain, own);
  return own;
}

/** The numbers of one domain, stepped with those of the board: reckoned once a second however many panels ask. */
export function useFocus(domain: Domain): FocusFigures {
  return reckonFocus(domain, useFigures(), useWallParts());
}

/** The figures of the whole board, or of one domain's part of it. */
export function useFiguresOf(domain: Domain | undefined): BoardFigures {
  const figures = useFigures();
  const parts = useWallParts();
  return domain === undefined ? figures : reckonFocus(domain, figures, parts).board;
}

/** Counts of every grid, community and street, reckoned once a second however many panels ask. */
export function useAreas(): AreaFigures {
  const parts = useWallParts();
  const figures = useFigures();
  const known = reckonedFor(figures);
  if (known.areas === undefined) {
    const { deployment, board } = snapshotOf(parts);
    known.areas = areaFigures(board.tickets.values(), figures, treeOf(deployment));
  }
  return known.areas;
}
