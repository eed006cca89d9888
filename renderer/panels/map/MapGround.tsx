import './map.css';
import { memo, type RefObject, useLayoutEffect, useRef } from 'react';
import type { ListedSeverity, Standing } from '../../../domain/alertFigures.ts';
import { textEm } from '../textWidth.ts';
import { type Box, hexPoints, type MapCell, type MapLayout } from './geometry.ts';

/** Equal tiles, a little smaller than their cell. */
export const TILE_SCALE = 0.97;
const WAVE = 'M-9 2c3-4.5 6-4.5 9 0s6 4.5 9 0';
const WATER_NAME_SIZE = 24;
/** In the large tiles of a part of the district there is a text above and below the glyph. */
const LARGEST_GLYPH = 26;

/** What the name of the water covers; none without a name or without water. */
export function waterNameBoxes({ waterCentre }: Pick<MapLayout, 'waterCentre'>, waterName: string): readonly Box[] {
  if (waterCentre === undefined || waterName === '') return [];
  const half = (textEm(waterName) * WATER_NAME_SIZE * 1.5) / 2;
  const above = WATER_NAME_SIZE * 0.7;
  return [
    {
      left: waterCentre.x - half,
      right: waterCentre.x + half,
      top: waterCentre.y - above,
      bottom: waterCentre.y + above,
    },
  ];
}

export type LoadClass = 0 | 1 | 2 | 3;
/** A cell's class of load, or that it only lies around what the map is of. */
export type CellClass = LoadClass | 'around';

/** Load class 0, 1, 2, 3+ of a tile. */
export function loadClass(open: number): LoadClass {
  if (open >= 3) return 3;
  return open === 2 ? 2 : open === 1 ? 1 : 0;
}

function Water({ layout, waterName }: { layout: MapLayout; waterName: string }) {
  const cell = hexPoints(layout.radius * 1.01);
  const { waterCentre } = layout;
  const nameWidth = (textEm(waterName) * WATER_NAME_SIZE * 1.5) / 2;
  return (
    <g className="water">
      {layout.water.map(({ x, y }) => (
        <polygon key={`${x},${y}`} points={cell} transform={`translate(${x} ${y})`} />
      ))}
      {layout.water.map(({ x, y }) => {
        const underName =
          waterCentre !== undefined &&
          waterName !== '' &&
          Math.abs(y - waterCentre.y) < layout.radius &&
          Math.abs(x - waterCentre.x) < nameWidth + layout.radius * 0.6;
        return underName ? null : <path key={`${x},${y}`} d={WAVE} transform={`translate(${x} ${y})`} />;
      })}
      {waterCentre !== undefined && (
        <text className="waterName" x={waterCentre.x} y={waterCentre.y} fontSize={WATER_NAME_SIZE}>
          {waterName}
        </text>
      )}
    </g>
  );
}

/** Water, tiles and the lines between them; drawn once per layout. The colours of `tiles` are set by `useTileLoads`. */
export const Ground = memo(function Ground({
  layout,
  waterName,
  tiles,
}: {
  layout: MapLayout;
  waterName: string;
  tiles: RefObject<SVGGElement | null>;
}) {
  const { areas } = layout;
  if (areas !== undefined) {
    return (
      <>
        <g ref={tiles} className="areas" transform={areas.transform}>
          {layout.cells.map(({ id }) => (
            <path key={id} data-grid-id={id} className="tile load0" d={areas.pathOf.get(id)} />
          ))}
        </g>
        <g className="areaBorders" transform={areas.transform}>
          <path d={areas.communityBorders} />
          <path className="streetBorders" d={areas.streetBorders} />
        </g>
      </>
    );
  }
  const tile = hexPoints(layout.radius * TILE_SCALE);
  return (
    <>
      <Water layout={layout} waterName={waterName} />
      <g ref={tiles}>
        {layout.cells.map(({ id, x, y }) => (
          <polygon key={id} data-grid-id={id} className="tile load0" points={tile} transform={`translate(${x} ${y})`} />
        ))}
      </g>
      <g className="borders">
        {layout.borders.map(([from, to]) => (
          <line key={`${from.x},${from.y},${to.x},${to.y}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
        ))}
      </g>
    </>
  );
});

/**
 * Recolours tiles by attribute, changed ones only: 219 polygons through React cost five times as much (performance.md).
 * `classOf` must be another function when, and only when, classes may have changed.
 */
export function useTileLoads(
  tiles: RefObject<SVGGElement | null>,
  layout: MapLayout,
  classOf: (cellId: string) => CellClass,
) {
  const elements = useRef<{ layout: MapLayout; byId: Map<string, Element>; shown: Map<string, CellClass> } | undefined>(
    undefined,
  );
  useLayoutEffect(() => {
    if (elements.current?.layout !== layout) {
      const byId = new Map<string, Element>();
      for (const element of tiles.current?.children ?? [])
        byId.set(element.getAttribute('data-grid-id') ?? '', element);
      elements.current = { layout, byId, shown: new Map() };
    }
    const { byId, shown } = elements.current;
    for (const [id, element] of byId) {
      const load = classOf(id);
      if (shown.get(id) === load) continue;
      shown.set(id, load);
      element.setAttribute('class', load === 'around' ? 'tile around' : `tile load${load}`);
    }
  }, [tiles, layout, classOf]);
}

/** A cell with an alert: its level, and by its fill whether somebody holds it (visual specification §7, Map). */
export function AlertCell(props: { layout: MapLayout; cell: MapCell; severity: ListedSeverity; standing: Standing }) {
  const { layout, cell, severity, standing } = props;
  const { radius, areas } = layout;
  const place = `translate(${cell.x} ${cell.y})`;
  // The outline lies inside the tile.
  const outline = standing === 'unacknowledged' ? radius * TILE_SCALE : radius * TILE_SCALE - 1.2;
  const glyph = Math.min(LARGEST_GLYPH, radius * 0.56);
  return (
    <g className={`mapAlert ${severity} ${standing}`} data-alert-grid={cell.id} data-standing={standing}>
      {areas === undefined ? (
        <polygon points={hexPoints(outline)} transform={place} />
      ) : (
        <path className="alertArea" d={areas.pathOf.get(cell.id)} transform={areas.transform} />
      )}
      {severity === 'critical' ? (
        <path className="alertGlyph" d={`M0 ${-glyph * 1.05}L${glyph} ${glyph * 0.75}H${-glyph}z`} transform={place} />
      ) : (
        <path className="alertGlyph" d={`M0 ${-glyph}L${glyph} 0 0 ${glyph} ${-glyph} 0z`} transform={place} />
      )}
    </g>
  );
}
