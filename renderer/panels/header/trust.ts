import type { Name } from '../../../domain/deployment.ts';
import type { SourceState, SourceStatus } from '../../../protocol/wire.ts';

/** One column of the trust strip. `ageMs` null: never heard of. */
export interface TrustColumn {
  readonly id: string;
  readonly name: Name;
  readonly state: SourceState;
  readonly ageMs: number | null;
  readonly late: boolean;
}

/** Late is a source that the server calls silent or failed, or whose last word is older than twice its period. */
export function trustColumns(
  expected: readonly { readonly id: string; readonly name: Name; readonly periodSeconds: number }[],
  sources: readonly SourceStatus[],
  now: number,
): readonly TrustColumn[] {
  const known = new Map(expected.map((source) => [source.id, source]));
  return sources.map((source) => {
    const settings = known.get(source.id);
    const ageMs = source.lastEventAt === null ? null : Math.max(0, now - source.lastEventAt);
    const overdue = settings !== undefined && (ageMs === null || ageMs > 2 * settings.periodSeconds * 1000);
    return {
      id: source.id,
      name: settings?.name ?? { zh: source.id },
      state: source.state,
      ageMs,
      late: source.state === 'silent' || source.state === 'failed' || (source.state === 'live' && overdue),
    };
  });
}
