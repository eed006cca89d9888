import './marks.css';
import type { StepMark } from '../../../domain/metrics.ts';

const KEYS = ['report', 'dispatch', 'handle', 'verify', 'close'] as const;

/** The five steps of a case in their fixed order. */
export function StepStrip({ marks }: { marks: readonly StepMark[] }) {
  return (
    <span className="stepStrip" aria-hidden="true">
      {KEYS.map((key, i) => (
        <span key={key} className={`stepSegment ${marks[i] ?? 'pending'}`} />
      ))}
    </span>
  );
}
