import type { SeverityCounts } from '../../../domain/alertFigures.ts';
import { count } from '../../words/formats.ts';
import { AlertMark } from './AlertMark.tsx';

/** ▲n ◆n, always with the glyph; a level with none is left out. `held`: somebody has acknowledged all of them. */
export function AlertCounts({ counts, held = false }: { counts: SeverityCounts; held?: boolean }) {
  const look = held ? 'hollow' : 'filled';
  return (
    <span className="alertCounts">
      {counts.critical > 0 && (
        <span className="alertCount critical">
          <AlertMark severity="critical" look={look} />
          {count(counts.critical)}
        </span>
      )}
      {counts.high > 0 && (
        <span className="alertCount high">
          <AlertMark severity="high" look={look} />
          {count(counts.high)}
        </span>
      )}
    </span>
  );
}
