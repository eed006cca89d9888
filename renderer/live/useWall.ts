import { createContext, type RefObject, useContext, useLayoutEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { callOf, isUrgent, type ListedAlert } from '../../domain/alertFigures.ts';
import type { Name } from '../../domain/deployment.ts';
import type { BoardFigures } from '../../domain/metrics.ts';
import type { SceneChoice } from '../../domain/sceneChoice.ts';
import { type Canvas, canvasOf } from '../layout/canvas.ts';
import { rowCapacity } from '../layout/unit.ts';
import { nameIn } from '../words/words.ts';
import type { SoundState } from './annunciator.ts';
import type { LinkState } from './connection.ts';
import { type Coverage, cover, NOTHING_COVERED } from './coverage.ts';
import type { WallParts } from './wall.ts';
import type { WallSnapshot } from './wallStore.ts';

export { type DataState, dataState, feedsDomain } from './dataState.ts';
export type { WallParts } from './wall.ts';
export { lateCanaryMs, newestArrivals, type WallSnapshot } from './wallStore.ts';

export const WallContext = createContext<WallParts | undefined>(undefined);

export function useWallParts(): WallParts {
  const parts = useContext(WallContext);
  if (parts === undefined) throw new Error('a panel is outside the wall');
  return parts;
}

/** The board with every change, at most once a frame; undefined before the first snapshot. */
export function useSnapshot(): WallSnapshot | undefined {
  const { store } = useWallParts();
  return useSyncExternalStore(store.subscribe, store.snapshot);
}

/** A narrow part of the board, inside a scene; renders again only when that part is another reference. */
export function useBoardPart<Part>(select: (snapshot: WallSnapshot) => Part): Part {
  const { store } = useWallParts();
  return useSyncExternalStore(store.subscribe, () => {
    const snapshot = store.snapshot();
    if (snapshot === undefined) throw new Error('the scene is shown before its first snapshot');
    return select(snapshot);
  });
}

/** All numbers, once a second; undefined before the first snapshot. */
export function useFiguresIfAny(): BoardFigures | undefined {
  const { figures } = useWallParts();
  return useSyncExternalStore(figures.subscribe, figures.figures);
}

export function useFigures(): BoardFigures {
  const figures = useFiguresIfAny();
  if (figures === undefined) throw new Error('the scene is shown before its first numbers');
  return figures;
}

export function useLink(): LinkState {
  const { connection } = useWallParts();
  return useSyncExternalStore(connection.subscribe, connection.state);
}

export function useSoundState(): SoundState {
  const { speaker } = useWallParts();
  return useSyncExternalStore(speaker.subscribe, speaker.state);
}

/**
 * Which unacknowledged criticals stand in `places` rows now: all that fit, else in turns, so that each is seen within
 * 3 s of rising and again within 20 s. `apart` stands elsewhere on screen all the time and takes no turn.
 */
export function useCoverage(places: number, apart?: ListedAlert): readonly ListedAlert[] {
  const { monotonicNow } = useWallParts();
  const figures = useFigures();
  const [look, setLook] = useState<{ of?: BoardFigures; places: number; coverage: Coverage }>({
    places,
    coverage: NOTHING_COVERED,
  });
  const byCall = new Map(
    figures.alerts.listed
      .filter((listed) => isUrgent(listed) && listed !== apart)
      .map((listed) => [callOf(listed.alert), listed]),
  );
  let { coverage } = look;
  if (look.of !== figures || look.places !== places) {
    coverage = cover(look.coverage, [...byCall.keys()], places, monotonicNow());
    setLook({ of: figures, places, coverage });
  }
  return coverage.visible.flatMap((call) => byCall.get(call) ?? []);
}

/** Picks the name of a unit in the language on screen. */
export function useNames(): (name: Name) => string {
  const { i18n } = useTranslation();
  return (name) => nameIn(i18n.language, name);
}

export const CanvasContext = createContext<Canvas>(canvasOf(1920, 1080));

/** How this wall is laid out; another object only when its size or what is known of it has changed. */
export function useCanvas(): Canvas {
  return useContext(CanvasContext);
}

/** Pixels of one design unit. */
export function useUnit(): number {
  return useCanvas().unit;
}

/** The scene on the wall, and what of it. */
export function useSceneChoice(): SceneChoice {
  const { director } = useWallParts();
  return useSyncExternalStore(director.subscribe, director.scene);
}

/** Whether the scene is a ticket that somebody put on the wall (上屏). */
export function useSpotlit(): boolean {
  const { director } = useWallParts();
  return useSyncExternalStore(director.subscribe, director.isSpotlit);
}

/** Whether the alarm flood is on; renders again only when that changes. */
export function useFlooded(): boolean {
  const { figures } = useWallParts();
  return useSyncExternalStore(figures.subscribe, () => (figures.figures()?.alerts.flood ?? null) !== null);
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const NO_SIZE: Size = { width: 0, height: 0 };

/** What the scene gives a panel, in design units. Trouble that is told above the panels takes some of it away. */
export const SlotSizeContext = createContext<Size>(NO_SIZE);

/**
 * Inner size of an element in pixels, followed as it changes; `expected` before the first layout, which is not hurried
 * then: asking for a size lays the whole page out.
 */
export function useElementSize(target: RefObject<HTMLElement | null>, expected = NO_SIZE): Size {
  const [size, setSize] = useState(expected);
  const [isExpected] = useState(expected.height > 0);
  useLayoutEffect(() => {
    const element = target.current;
    if (element === null) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      setSize((known) => (known.width === width && known.height === height ? known : { width, height }));
    };
    if (!isExpected) measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [target, isExpected]);
  return size;
}

/** The same of a panel's root, which fills its slot: as large as the scene gives before it has been laid out. */
export function usePanelSize(panel: RefObject<HTMLElement | null>): Size {
  const unit = useUnit();
  const { width, height } = useContext(SlotSizeContext);
  return useElementSize(panel, { width: Math.round(width * unit), height: Math.round(height * unit) });
}

/** How many rows of at least `rowMin` units the panel, which fills its slot, has room for; follows its size. */
export function useRowCapacity(panel: RefObject<HTMLElement | null>, rowMin: number): number {
  const unit = useUnit();
  return rowCapacity(usePanelSize(panel).height / unit, rowMin);
}
