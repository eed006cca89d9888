import type { SeverityCounts } from '../../../domain/metrics.ts';
import { count } from '../../words/formats.ts';
import { AlertMark } from './AlertMark.tsx';

/** ▲n ◆n, always with the glyph; a level with none is left out. */
export function AlertCounts({ counts }: { counts: SeverityCounts }) {
  return (
    <span className="alertCounts">
      {counts.critical > 0 && (
        <span className="alertCount critical">
          <AlertMark severity="critical" />
          {count(counts.critical)}
        </span>
      )}
      {counts.high > 0 && (
        <span className="alertCount high">
          <AlertMark severity="high" />
          {count(counts.high)}
        </span>
      )}
    </span>
  );
}
