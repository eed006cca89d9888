import './dataState.css';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Domain, Ticket } from '../../../domain/ticket.ts';
import {
  type DataState,
  dataState,
  feedsDomain,
  useFigures,
  useNames,
  useWallParts,
  type WallSnapshot,
} from '../../live/useWall.ts';
import { duration, lag, MISSING } from '../../words/formats.ts';
import { HourglassMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';

/** So many arrivals are looked through for one that a domain may have got from its sources. */
const LOOKED_THROUGH = 2000;

export interface PanelData {
  readonly state: DataState;
  /** Domain instant that the panel's numbers are of (数据截至); undefined where nothing was ever heard. */
  readonly asOfAt: number | undefined;
  /** Whether anything that feeds the panel was ever heard of: before that a zero would be a claim, and so would “none”. */
  readonly isKnown: boolean;
  /** For the panel's outermost element: its look (dataState.css), and what tests and tools read. */
  readonly attributes: { readonly 'data-quality': DataState['kind']; readonly 'data-as-of'?: string };
}

function newestArrival({ arrivals, board, deployment }: WallSnapshot, domain: Domain | undefined): Ticket | undefined {
  const listed = new Map(deployment.sources.map((source) => [source.id, source]));
  const last = arrivals.length - 1;
  for (let i = last; i >= 0 && i > last - LOOKED_THROUGH; i -= 1) {
    const ticket = board.tickets.get(arrivals[i] as string);
    if (ticket !== undefined && feedsDomain(listed.get(ticket.source), domain)) return ticket;
  }
  return undefined;
}

/** How old the data behind a panel is, stepped with the figures; without a domain, of a panel that everything feeds. */
export function usePanelData(domain?: Domain): PanelData {
  const { store, clock } = useWallParts();
  const { at } = useFigures();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the age steps with the figures' clock
  return useMemo(() => {
    const snapshot = store.snapshot();
    if (snapshot === undefined) throw new Error('a panel is shown before its first board');
    const { deployment, sources, heardAt, pulsedMs, shownSinceMs } = snapshot;
    const silentMs = store.elapsedMs(pulsedMs);
    const state = dataState({
      domain,
      listed: deployment.sources,
      sources,
      clock: snapshot.clock,
      newest: newestArrival(snapshot, domain),
      heardAt,
      silentMs,
      shownMs: store.elapsedMs(shownSinceMs),
    });
    const pace = snapshot.clock.mode === 'replay' ? 0 : clock.pace();
    const asOfAt = state.ageMs === null ? undefined : heardAt + (silentMs - state.ageMs) * pace;
    return {
      state,
      asOfAt,
      isKnown: state.kind === 'normal' || state.ageMs !== null,
      attributes: {
        'data-quality': state.kind,
        ...(asOfAt === undefined ? {} : { 'data-as-of': new Date(asOfAt).toISOString() }),
      },
    };
  }, [store, clock, at, domain]);
}

/** ⧗ 滞后 6分12秒, or 断开 18分; nothing while all is well. */
export function DataStateMark({ state }: { state: DataState }) {
  const { t } = useTranslation();
  switch (state.kind) {
    case 'normal':
    case 'loading':
      return null;
    case 'stale':
      return (
        <span className="dataStateMark">
          <HourglassMark />
          <span className="dataStateWord">{t('state.stale')}</span> <Duration parts={lag(state.ageMs)} />
        </span>
      );
    case 'disconnected':
      return (
        <span className="dataStateMark">
          <HourglassMark />
          {t('state.panelDown')} {state.ageMs !== null && <Duration parts={duration(state.ageMs)} />}
        </span>
      );
  }
}

/** What is waited for. */
export function LoadingFrom({ state }: { state: Extract<DataState, { readonly kind: 'loading' }> }) {
  const { t, i18n } = useTranslation();
  const nameOf = useNames();
  const sources = new Intl.ListFormat(i18n.language, { type: 'conjunction' });
  return (
    <p className="loadingFrom place">{t('state.loading', { sources: sources.format(state.sources.map(nameOf)) })}</p>
  );
}

/** In place of a list of which nothing was ever heard: loading, or a dash where it should have come by now. */
export function NothingHeard({ state }: { state: DataState }) {
  return state.kind === 'loading' ? (
    <LoadingBlocks state={state} />
  ) : (
    <p className="nothingHeard figure gone">{MISSING}</p>
  );
}

/** The first data has not come yet: blocks that stand still, and what is waited for. */
export function LoadingBlocks({ state }: { state: Extract<DataState, { readonly kind: 'loading' }> }) {
  return (
    <>
      <div className="loadingBlocks" aria-hidden="true">
        <span />
        <span />
      </div>
      <LoadingFrom state={state} />
    </>
  );
}
