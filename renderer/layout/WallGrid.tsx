import './motion.css';
import './wallGrid.css';
import { type CSSProperties, type ReactNode, useMemo, useState } from 'react';
import type { ScreenGrid, Slot, SlotArea, Track } from '../../domain/scene.ts';
import {
  CanvasContext,
  type Size,
  SlotSizeContext,
  useBoardPart,
  useCanvas,
  useFlooded,
  useLink,
  useSceneChoice,
  useSnapshot,
  useWallParts,
} from '../live/useWall.ts';
import { Header } from '../panels/header/Header.tsx';
import { LinkStrip, OutageReceiptStrip } from '../panels/notices/Notices.tsx';
import { CriticalStrip } from '../panels/overdue/CriticalStrip.tsx';
import { PANEL_ENTRIES } from '../panels/registry.ts';
import { SystemLane } from '../panels/system/SystemLane.tsx';
import { sceneOf, titleOf } from '../scenes/index.ts';
import { canvasOf } from './canvas.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Later } from './Later.tsx';
import { COLUMN_GAP, gapsOf, HEADER, layoutFor, type Placed, placeArea, ROW_GAP, roomOf } from './reflow.ts';
import { SceneRefused } from './SceneRefused.tsx';
import { ScreenCare } from './ScreenCare.tsx';
import { sceneFit } from './sceneFit.ts';

/** The wall's root: carries what tests and tools read (contract, Pages). Its children render on their own. */
function WallRoot({ scene, children }: { scene: string; children: ReactNode }) {
  const snapshot = useSnapshot();
  const link = useLink();
  const { stillness } = useWallParts();
  return (
    <main
      className="wall"
      data-testid="wall"
      data-scene={scene}
      data-seq={snapshot?.seq}
      data-feed={link.kind === 'linked' ? link.feed : 'offline'}
      data-still={stillness}
    >
      <ScreenCare />
      {children}
    </main>
  );
}

function template(tracks: readonly Track[], gaps: readonly number[]): string {
  const size = (track: Track) => (typeof track === 'number' ? `calc(${track} * var(--u))` : `minmax(0, ${track})`);
  return tracks
    .flatMap((track, i) => (i === 0 ? [size(track)] : [`calc(${gaps[i - 1] ?? 0} * var(--u))`, size(track)]))
    .join(' ');
}

/** The gaps are tracks of their own, for they differ: the n-th track of a scene is the (2n − 1)-th of its grid. */
export function gridTemplate({
  columns,
  rows,
  columnGap,
  rowGap,
}: Omit<ScreenGrid, 'header' | 'slots'>): CSSProperties {
  return {
    gridTemplateColumns: template(columns, gapsOf(columnGap, COLUMN_GAP, columns.length)),
    gridTemplateRows: template(rows, gapsOf(rowGap, ROW_GAP, rows.length)),
  };
}

export function gridArea({ column, row, columnSpan = 1, rowSpan = 1 }: SlotArea): CSSProperties {
  return {
    gridColumn: `${2 * column - 1} / span ${2 * columnSpan - 1}`,
    gridRow: `${2 * row - 1} / span ${2 * rowSpan - 1}`,
  };
}

const NO_OPTIONS = {};

function SlotFrame(props: { slot: Slot; area: SlotArea; placed: Placed; onDown: (down: boolean) => void }) {
  const { slot, area, placed, onDown } = props;
  const { component: Panel, listsAlerts, afterOthers } = PANEL_ENTRIES[slot.panel];
  const panel = <Panel options={slot.options ?? NO_OPTIONS} />;
  return (
    <div className="slot" data-panel={slot.panel} style={gridArea(area)}>
      <ErrorBoundary {...(listsAlerts === true ? { onDown } : {})}>
        <SlotSizeContext value={placed}>{afterOthers === true ? <Later ms={0}>{panel}</Later> : panel}</SlotSizeContext>
      </ErrorBoundary>
    </div>
  );
}

/** `room`: of one screen, in design units. `onDown`: the list of alerts has failed, or is tried again. */
function Slots({ grid, room, onDown }: { grid: ScreenGrid; room: Size; onDown: (down: boolean) => void }) {
  const flooded = useFlooded();
  return (
    <div className="slots" style={gridTemplate(grid)}>
      {grid.slots.map((slot, i) => {
        const area = flooded && slot.duringFlood !== undefined ? slot.duringFlood : slot.area;
        // Slots have no identity but their place in the scene, which never changes.
        const key = `${slot.panel} ${i}`;
        if (area === null) return null;
        return <SlotFrame key={key} slot={slot} area={area} placed={placeArea(grid, area, room)} onDown={onDown} />;
      })}
    </div>
  );
}

/**
 * Any scene, drawn from its data: a header, the strips that tell of trouble, and the slots of each screen. What is told
 * once stands on the first screen; that the data is old, on each.
 */
function SceneScreens({ id }: { id: string }) {
  const canvas = useCanvas();
  const own = useBoardPart((snapshot) => snapshot.deployment.scenes);
  const scene = useMemo(() => sceneOf(id, own), [id, own]);
  const domains = useBoardPart((snapshot) => snapshot.deployment.domains);
  const title = useMemo(() => titleOf(scene, domains), [scene, domains]);
  const { screens } = useMemo(() => layoutFor(scene, canvas), [scene, canvas]);
  const fit = useMemo(() => sceneFit(scene, canvas), [scene, canvas]);
  const [listDown, setListDown] = useState(false);
  const lists = screens.some(({ slots }) => slots.some(({ panel }) => PANEL_ENTRIES[panel].listsAlerts === true));
  // What is refused is said as large as the wall is otherwise, not as large as would be needed.
  const { viewport, screens: physical } = canvas;
  const drawn = useMemo(
    () => (fit.kind === 'readable' ? canvas : canvasOf(viewport.width, viewport.height, { screens: physical })),
    [fit, canvas, viewport, physical],
  );
  const room = roomOf({ width: (drawn.width * drawn.screens) / screens.length, height: drawn.height });
  const headerSize = useMemo(() => ({ width: room.width, height: HEADER }), [room.width]);
  const unit = { '--u': `${drawn.unit}px` } as CSSProperties;
  const shown = screens.map((grid, i) => {
    const first = i === 0;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a screen is its place on the wall
      <div key={i} className="screen" style={unit}>
        <div className="slotHeader">
          <ErrorBoundary>
            <SlotSizeContext value={headerSize}>
              <Header part={grid.header} scene={title} />
            </SlotSizeContext>
          </ErrorBoundary>
        </div>
        {first && (!lists || listDown || fit.kind === 'refused') && (
          <ErrorBoundary>
            <CriticalStrip />
          </ErrorBoundary>
        )}
        <LinkStrip />
        {first && <OutageReceiptStrip />}
        {first && (
          <ErrorBoundary>
            <SystemLane />
          </ErrorBoundary>
        )}
        {fit.kind === 'readable' ? (
          <Slots grid={grid} room={room} onDown={setListDown} />
        ) : (
          first && <SceneRefused fit={fit} />
        )}
      </div>
    );
  });
  return <CanvasContext value={drawn}>{shown}</CanvasContext>;
}

export function WallGrid() {
  const { id } = useSceneChoice();
  const own = useBoardPart((snapshot) => snapshot.deployment.scenes);
  const shown = sceneOf(id, own).id;
  const scene = useMemo(() => <SceneScreens key={shown} id={shown} />, [shown]);
  return <WallRoot scene={shown}>{scene}</WallRoot>;
}
