import type { ExpectedSource, Name } from '../../../domain/deployment.ts';
import { isSilent } from '../../../domain/silence.ts';
import type { SourceState, SourceStatus } from '../../../protocol/wire.ts';
import { textEm } from '../textWidth.ts';

/** Kept free for the column that counts the rest. */
const MORE_WIDTH = 110;

/** One column of the trust strip. `ageMs` null: never heard of. */
export interface TrustColumn {
  readonly id: string;
  readonly name: Name;
  readonly state: SourceState;
  readonly ageMs: number | null;
  readonly late: boolean;
}

/**
 * Late is a source that the server calls silent or failed, or that would be by now: `elapsedMs` is the real time since the
 * server said how old each is. `pace` is that of the domain clock, in which a replayed table is counted.
 */
export function trustColumns(
  expected: readonly ExpectedSource[],
  sources: readonly SourceStatus[],
  elapsedMs: number,
  pace: number,
): readonly TrustColumn[] {
  const known = new Map(expected.map((source) => [source.id, source]));
  return sources.map((source) => {
    const settings = known.get(source.id);
    const isPast = source.kind === 'replay';
    const ageMs = source.ageMs === null ? null : source.ageMs + elapsedMs * (isPast ? pace : 1);
    const overdue = !isPast && settings !== undefined && ageMs !== null && isSilent(ageMs, settings.periodSeconds);
    return {
      id: source.id,
      name: settings?.name ?? { zh: source.id },
      state: source.state,
      ageMs,
      late: source.state === 'silent' || source.state === 'failed' || (source.state === 'live' && overdue),
    };
  });
}

/** An age at 21: some seconds, or minutes and seconds of a late one. */
const AGE_WIDTH = 46;
const LATE_AGE_WIDTH = 96;

/** Design units that a column takes: name at 18, age below it, padding and the gap to the next one. */
function columnWidth(name: string, late: boolean): number {
  return Math.max(textEm(name) * 18 + (late ? 19 : 0), late ? LATE_AGE_WIDTH : AGE_WIDTH) + 24;
}

/**
 * The columns that fit into `room` design units, in their order. Where not all do, late ones come first and the rest is
 * only counted: `hidden` and, of these, `hiddenLate`.
 */
export function fitColumns<Column extends { readonly late: boolean; readonly label: string }>(
  columns: readonly Column[],
  room: number,
): { readonly shown: readonly Column[]; readonly hidden: number; readonly hiddenLate: number } {
  const widthOf = (some: readonly Column[]) => some.reduce((sum, { label, late }) => sum + columnWidth(label, late), 0);
  if (widthOf(columns) <= room) return { shown: columns, hidden: 0, hiddenLate: 0 };
  const wanted = [...columns.filter(({ late }) => late), ...columns.filter(({ late }) => !late)];
  const shown: Column[] = [];
  for (const column of wanted) {
    if (widthOf([...shown, column]) <= room - MORE_WIDTH) shown.push(column);
  }
  const hidden = wanted.filter((column) => !shown.includes(column));
  return { shown, hidden: hidden.length, hiddenLate: hidden.filter(({ late }) => late).length };
}
