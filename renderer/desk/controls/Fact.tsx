import './fact.css';
import type { ReactNode } from 'react';

/** A label and what stands behind it; nothing at all where there is nothing to say. Stands in a `dl`. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (children === undefined || children === null || children === '') return null;
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
