import './departmentRun.css';
import { type CSSProperties, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useElementSize, useNames, useUnit } from '../../live/useWall.ts';
import { useBrief, WallBriefPanel } from '../brief/briefContext.tsx';
import { Empty } from '../marks/Empty.tsx';
import { Tally } from './Tally.tsx';

const HEAD = 34;
const ROW_MIN = 32;

/** 在办负荷: what each department holds now, whenever it came in, and what of it is late (white, as in the strip of grids). */
function DepartmentLoad() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { brief, district, mark } = useBrief();
  const list = useRef<HTMLDivElement>(null);
  const unit = useUnit();
  const height = useElementSize(list).height / unit;
  const all = useMemo(
    () =>
      brief.departments
        .filter(({ openAll }) => openAll > 0)
        .sort((a, b) => b.openAll - a.openAll || b.openOverdueAll - a.openOverdueAll),
    [brief.departments],
  );
  const rows = all.slice(0, Math.max(1, Math.floor((height - HEAD) / ROW_MIN)));
  const most = Math.max(1, ...rows.map(({ openAll }) => openAll));
  const names = new Map(district.departments.map(({ id, name }) => [id, nameOf(name)]));
  return (
    <>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('departmentRun.load')}</h2>
        {mark}
        <span className="panelMeta">{t('departmentRun.loadScope')}</span>
      </header>
      <div className="runList" ref={list}>
        {rows.length === 0 ? (
          <Empty sentence={t('departmentRun.none')} />
        ) : (
          <ol className="runRows">
            <li className="loadRow runHead">
              <span />
              <span />
              <span>{t('departmentRun.open')}</span>
              <span>{t('departmentRun.ofThese')}</span>
            </li>
            {rows.map(({ key, openAll, openOverdueAll }) => (
              <li key={key} className="loadRow" data-department-id={key}>
                <span className="runName place">
                  {key === '' ? t('departments.unassigned') : (names.get(key) ?? key)}
                </span>
                <span
                  className="loadTrack"
                  style={{ '--share': openAll / most, '--late': openOverdueAll / most } as CSSProperties}
                />
                <Tally name="openAll" value={openAll} />
                <Tally name="openOverdueAll" value={openOverdueAll} />
              </li>
            ))}
          </ol>
        )}
      </div>
    </>
  );
}

export function DepartmentLoadPanel() {
  return (
    <WallBriefPanel name="department-load" panel>
      <DepartmentLoad />
    </WallBriefPanel>
  );
}
