import './map.css';
import { useTranslation } from 'react-i18next';
import { useBoardPart } from '../../live/useWall.ts';
import { count } from '../../words/formats.ts';

/** The classes of the map's load: 0, 1, 2, 3 or more open cases. */
export function LoadLegend() {
  const { t } = useTranslation();
  return (
    <span className="legendRow">
      {t('map.open')}
      {[0, 1, 2, 3].map((load) => (
        <span key={load} className="legendLoad">
          <span className={`legendTile load${load}`} />
          {load === 3 ? t('map.most') : load}
        </span>
      ))}
    </span>
  );
}

/** 网格态势 as the header of a screen: how many units of each level, and the classes of the map below. */
export function MapTitle() {
  const { t } = useTranslation();
  const { streets, communities, grids } = useBoardPart((snapshot) => snapshot.deployment);
  return (
    <div className="mapTitle">
      <h2 className="panelTitle">{t('map.title')}</h2>
      <span className="mapUnits">
        {t('map.units', {
          streets: count(streets.length),
          communities: count(communities.length),
          grids: count(grids.length),
        })}
      </span>
      <LoadLegend />
    </div>
  );
}
