import { type CSSProperties, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { gridStrip } from '../../../domain/brief.ts';
import { useNames } from '../../live/useWall.ts';
import { count } from '../../words/formats.ts';
import { useBrief, useMonthName, WallBriefPanel } from './briefContext.tsx';

const ROWS = 3;
const LEVELS = [0, 1, 2, 3] as const;

/** 一格一员: a square a grid, in the fixed order of their codes; its shade is the month's volume, white where a ticket was late. */
export function GridStrip() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { brief, district, mark } = useBrief();
  const month = useMonthName();
  const { streets, communities, grids: listed } = district;
  const strip = useMemo(() => {
    const streetOfCommunity = new Map(communities.map(({ id, streetId }) => [id, streetId]));
    const streetOfGrid = new Map(listed.map(({ id, communityId }) => [id, streetOfCommunity.get(communityId)]));
    return gridStrip(brief.grids, streets, (gridId) => streetOfGrid.get(gridId));
  }, [brief.grids, streets, communities, listed]);
  const names = new Map(streets.map(({ id, name }) => [id, nameOf(name)]));
  const all = strip.reduce((sum, { grids }) => sum + grids.length, 0);
  const late = strip.reduce((sum, { withOverdue }) => sum + withOverdue, 0);
  return (
    <>
      <header className="briefHeader stripHeader">
        <h2 className="panelTitle">{t('brief.strip', { n: count(all) })}</h2>
        <span className="stripSum">
          {t('brief.noOverdue', { month })}{' '}
          <strong className="figure" data-figure="gridsWithoutOverdue">
            {count(all - late)}
          </strong>{' '}
          {t('brief.gridUnit')}
        </span>
        {mark}
        <span className="stripLegend">
          {t('brief.volume')}
          <span className="stripScale" aria-hidden="true">
            {LEVELS.map((level) => (
              <span key={level} className="stripSquare" data-level={level} />
            ))}
          </span>
          {t('brief.fewToMany')}
          <span className="stripSquare late" aria-hidden="true" />
          <span>
            {t('brief.withOverdue')} <strong data-figure="gridsWithOverdue">{count(late)}</strong> {t('brief.gridUnit')}
          </span>
        </span>
      </header>
      <div className="stripStreets">
        {strip.map(({ id, grids, withOverdue }) => {
          const columns = Math.ceil(grids.length / ROWS);
          return (
            <div key={id} className="stripStreet" data-street-id={id} style={{ '--columns': columns } as CSSProperties}>
              <div className="stripGrids" aria-hidden="true">
                {grids.map((grid) => (
                  <span
                    key={grid.key}
                    className={grid.overdue > 0 ? 'stripSquare late' : 'stripSquare'}
                    data-grid-id={grid.key}
                    data-level={grid.level}
                    data-opened={grid.opened}
                    data-overdue={grid.overdue}
                  />
                ))}
              </div>
              <p className="stripName place">
                {names.get(id) ?? id}{' '}
                <span className="stripCounts">
                  <strong>{count(grids.length)}</strong> {t('brief.gridUnit')} · {t('brief.withOverdue')}{' '}
                  <strong className="figure" data-figure="withOverdue">
                    {count(withOverdue)}
                  </strong>
                </span>
              </p>
            </div>
          );
        })}
      </div>
    </>
  );
}

export function GridStripPanel() {
  return (
    <WallBriefPanel name="brief-strip">
      <GridStrip />
    </WallBriefPanel>
  );
}
