import './brief.css';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Name } from '../../../domain/deployment.ts';
import type { Domain } from '../../../domain/ticket.ts';
import type { WallBrief } from '../../../protocol/wire.ts';
import { useBoardPart, useLink, useWallParts, type WallParts } from '../../live/useWall.ts';
import { patternDate } from '../../words/formats.ts';
import { DataStateMark, NothingHeard, usePanelData } from '../dataState/DataState.tsx';

/** What a brief needs of its district. */
export interface BriefDistrict {
  readonly timeZone: string;
  readonly onTimeTarget: number;
  readonly rankFloor: number;
  readonly streets: readonly { readonly id: string; readonly name: Name }[];
  readonly communities: readonly { readonly id: string; readonly streetId: string }[];
  readonly grids: readonly { readonly id: string; readonly communityId: string }[];
  readonly departments: readonly { readonly id: string; readonly name: Name }[];
  readonly domains: readonly { readonly id: Domain; readonly name: Name }[];
}

/** A brief as its panels show it, on a wall or on paper. */
export interface BriefView {
  readonly brief: WallBrief;
  readonly district: BriefDistrict;
  readonly scheduler: WallParts['scheduler'];
  /** Canvas on a wall; on paper lines and letters stay what they are. */
  readonly renderer: 'canvas' | 'svg';
  /** The month that runs, or another one by its name. */
  readonly isRunning: boolean;
  /** The feed is not live: what is drawn is old. */
  readonly old: boolean;
  /** Beside a panel's title: how old its data is; null while it is not. */
  readonly mark: ReactNode;
}

export const BriefContext = createContext<BriefView | undefined>(undefined);

export function useBrief(): BriefView {
  const view = useContext(BriefContext);
  if (view === undefined) throw new Error('a panel of the brief is outside a brief');
  return view;
}

/** `本月`, or the name of a month that is over. */
export function useMonthName(): string {
  const { t, i18n } = useTranslation();
  const { brief, district, isRunning } = useBrief();
  return isRunning
    ? t('brief.thisMonth')
    : patternDate(brief.fromAt, district.timeZone, t('brief.month'), i18n.language);
}

/** `2026年3月1日—18日`: the days that the figures cover. */
export function usePeriod(): string {
  const { t, i18n } = useTranslation();
  const { brief, district } = useBrief();
  const shown = (at: number, pattern: string) => patternDate(at, district.timeZone, pattern, i18n.language);
  return t('brief.span', {
    from: shown(brief.fromAt, t('brief.spanFrom')),
    to: shown(Math.min(brief.at, brief.toAt - 1), t('brief.spanTo')),
  });
}

/**
 * Gives a panel of the brief the running month of its wall, and its look while the data is old. `panel`: it stands on a
 * surface of its own, not on the wall.
 */
export function WallBriefPanel({
  name,
  panel = false,
  children,
}: {
  name: string;
  panel?: boolean;
  children: ReactNode;
}) {
  const { scheduler } = useWallParts();
  const link = useLink();
  const brief = useBoardPart((snapshot) => snapshot.history.brief);
  const district = useBoardPart((snapshot) => snapshot.deployment);
  const { state, isKnown, attributes } = usePanelData();
  const old = state.kind === 'stale' || state.kind === 'disconnected' || link.kind !== 'linked' || link.feed !== 'live';
  const view = useMemo(
    (): BriefView => ({
      brief,
      district,
      scheduler,
      renderer: 'canvas',
      isRunning: true,
      old,
      mark: state.kind === 'normal' || state.kind === 'loading' ? null : <DataStateMark state={state} />,
    }),
    [brief, district, scheduler, old, state],
  );
  const nothing = brief.total.opened === 0 && !isKnown;
  return (
    <section
      className={`${panel ? 'panel' : 'briefPanel'} ${name}`}
      data-testid={name}
      data-at={new Date(brief.at).toISOString()}
      {...attributes}
    >
      {nothing ? <NothingHeard state={state} /> : <BriefContext value={view}>{children}</BriefContext>}
    </section>
  );
}
