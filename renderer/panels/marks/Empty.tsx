import './empty.css';
import { CheckMark } from './AlertMark.tsx';

/** 空, a true zero (visual specification §9): ✓, a sentence, and what was last, where there is such a thing. */
export function Empty({ sentence, last, small = false }: { sentence: string; last?: string; small?: boolean }) {
  return (
    <div className={small ? 'emptyState small' : 'emptyState'}>
      <CheckMark />
      <p className="emptySentence">{sentence}</p>
      {last !== undefined && <p className="emptyLast place">{last}</p>}
    </div>
  );
}
