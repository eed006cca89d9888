import { type CSSProperties, useMemo } from 'react';
import { foldGroups } from '../../../domain/alertFigures.ts';
import type { FloodGroup } from '../../../domain/flood.ts';
import { useFigures } from '../../live/useWall.ts';
import { count } from '../../words/formats.ts';
import { AlertCounts } from '../marks/AlertCounts.tsx';
import { useGroupTitle } from '../overdue/FloodBody.tsx';
import { groupLook } from '../overdue/flood.ts';
import { textEm } from '../textWidth.ts';
import { type PlacedBadge, placeBadges } from './badges.ts';
import type { Box, MapCell } from './geometry.ts';

/** As many groups as the list shows: 5 and 其他, which has no place of its own. */
const MOST_GROUPS = 6;
const NAME_SIZE = 20;
/** A longer name ends in an ellipsis. */
const NAME_WIDTH = 190;
const COUNT_SIZE = 21;
/** Padding and border; glyph and gaps of one count (map.css, marks.css). */
const FRAME = 30;
const GLYPH = 22 + 6 + 12;

export interface FloodBadge extends PlacedBadge {
  readonly group: FloodGroup;
  readonly title: string;
}

/** Where the badges of a flood stand on the map; none without a flood. */
export function useFloodBadges(input: {
  /** Of a grid, or of a cell by its own id. */
  readonly cellOf: (id: string) => MapCell | undefined;
  readonly marks: readonly MapCell[];
  readonly obstacles: readonly Box[];
  readonly width: number;
  readonly height: number;
  readonly radius: number;
}): readonly FloodBadge[] {
  const { flood } = useFigures().alerts;
  const titleOf = useGroupTitle();
  const groups = flood === null ? [] : foldGroups(flood.groups, MOST_GROUPS).filter(({ key }) => key !== '');
  const { cellOf, marks, obstacles, width, height, radius } = input;
  const badges = groups.map((group) => {
    const widthOf = (value: number) => (value === 0 ? 0 : GLYPH + textEm(count(value)) * COUNT_SIZE);
    const title = titleOf(group);
    const grids = [...new Set(group.alerts.flatMap(({ gridId }) => gridId ?? []))];
    return {
      group,
      title,
      grids,
      width: Math.min(textEm(title) * NAME_SIZE, NAME_WIDTH) + widthOf(group.critical) + widthOf(group.high) + FRAME,
    };
  });
  // The search for free places is made again only when what it depends on has changed
  const asked = JSON.stringify([
    badges.map(({ group, grids, width: wide }) => [group.key, grids, wide]),
    marks.map(({ id }) => id),
  ]);
  const placed = useMemo(() => {
    const [wanted, marked] = JSON.parse(asked) as [[string, string[], number][], string[]];
    const cellsOf = (ids: readonly string[]) => [...new Set(ids.flatMap((id) => cellOf(id) ?? []))];
    return placeBadges({
      badges: wanted.map(([key, grids, wide]) => ({ key, width: wide, tiles: cellsOf(grids) })),
      marks: cellsOf(marked),
      obstacles,
      slot: { width, height },
      radius,
    });
  }, [asked, cellOf, obstacles, width, height, radius]);
  return placed.flatMap((place) => {
    const badge = badges.find(({ group }) => group.key === place.key);
    return badge === undefined ? [] : [{ ...place, group: badge.group, title: badge.title }];
  });
}

/** The lines from badges to their tiles, drawn under the marks. */
export function BadgeLeaders({ badges }: { badges: readonly FloodBadge[] }) {
  return badges.map(({ key, leader, group }) =>
    leader === undefined ? null : (
      <line
        key={key}
        className={`mapBadgeLeader ${groupLook(group).severity}`}
        x1={leader[0].x}
        y1={leader[0].y}
        x2={leader[1].x}
        y2={leader[1].y}
      />
    ),
  );
}

export function FloodBadges({ badges }: { badges: readonly FloodBadge[] }) {
  return badges.map(({ key, box, group, title }) => {
    const { severity, held } = groupLook(group);
    return (
      <div
        key={key}
        className={`floodBadge ${severity}${held ? ' held' : ''}`}
        data-group={key}
        style={
          {
            '--left': box.left,
            '--top': box.top,
            '--wide': box.right - box.left,
            '--tall': box.bottom - box.top,
          } as CSSProperties
        }
      >
        <span className="place">{title}</span>
        <AlertCounts counts={group} held={held} />
      </div>
    );
  });
}
