import './focusMonth.css';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { departmentRanking } from '../../../domain/metrics.ts';
import { DOMAINS, type Domain } from '../../../domain/ticket.ts';
import { type DataState, useBoardPart } from '../../live/useWall.ts';
import { count, duration, MISSING, rate } from '../../words/formats.ts';
import { DataStateMark, LoadingBlocks, usePanelData } from '../dataState/DataState.tsx';
import { domainOf, useFocus } from '../focus.ts';
import { ChangingNumber } from '../marks/ChangingNumber.tsx';
import { Duration } from '../marks/Duration.tsx';
import type { PanelProps } from '../panelProps.ts';

function Figure(props: { id: string; label: string; gone: boolean; reference: ReactNode; children: ReactNode }) {
  const { id, label, gone, reference, children } = props;
  return (
    <li className="focusFigure" data-figure={id}>
      <span className="focusLabel">{label}</span>
      <span className={gone ? 'focusNumber figure gone' : 'focusNumber figure'}>{gone ? MISSING : children}</span>
      <span className="focusReference">{reference}</span>
    </li>
  );
}

function MonthRate({ domain, state }: { domain: Domain; state: DataState }) {
  const { t } = useTranslation();
  const target = useBoardPart((snapshot) => snapshot.deployment.onTimeTarget);
  const floor = useBoardPart((snapshot) => snapshot.deployment.rankFloor);
  const histories = useBoardPart((snapshot) => snapshot.history.domains);
  const own = histories[domain].month;
  const groups = DOMAINS.flatMap((id) => histories[id].month ?? []);
  const ranked = departmentRanking(groups, floor).filter(({ rank }) => rank !== null);
  const rank = ranked.find(({ id }) => id === domain)?.rank;
  return (
    <Figure
      id="monthRate"
      label={t('focus.monthRate')}
      gone={state.kind === 'disconnected'}
      reference={
        // How old it is takes the place of what it is compared with
        state.kind === 'stale' || state.kind === 'disconnected' ? (
          <DataStateMark state={state} />
        ) : (
          <>
            {t('departments.target', { value: rate(target, target) })} ·{' '}
            {rank === undefined || rank === null
              ? t('departments.tooFew')
              : t('focus.rank', { of: count(ranked.length), n: count(rank) })}
          </>
        )
      }
    >
      {own?.onTimeRate === undefined || own.onTimeRate === null ? (
        MISSING
      ) : (
        <>
          <ChangingNumber text={rate(own.onTimeRate, target)} />
          <span className="focusUnit">{t('unit.percent')}</span>
        </>
      )}
    </Figure>
  );
}

/** What one domain's month comes to: rate against its target, middle time, repeat reports. */
export function FocusMonthPanel({ options }: PanelProps) {
  const { t } = useTranslation();
  const domain = domainOf(options) ?? DOMAINS[0];
  const { medianFinishMs, board, repeatedYesterday } = useFocus(domain);
  const usualMs = useBoardPart((snapshot) => snapshot.history.domains[domain].medianMs);
  const { state, attributes } = usePanelData(domain);
  const gone = state.kind === 'disconnected';
  return (
    <section className="focusMonth" data-testid="focus-month" {...attributes}>
      {state.kind === 'loading' ? (
        <LoadingBlocks state={state} />
      ) : (
        <ul className="focusFigures">
          <MonthRate domain={domain} state={state} />
          <Figure
            id="median"
            label={t('focus.median')}
            gone={gone}
            reference={
              <>
                {t('focus.usual')} {usualMs === null ? MISSING : <Duration parts={duration(usualMs)} />}
              </>
            }
          >
            {medianFinishMs === null ? MISSING : <Duration parts={duration(medianFinishMs)} />}
          </Figure>
          <Figure
            id="repeats"
            label={t('focus.repeats')}
            gone={gone}
            reference={
              <>
                {t('pipeline.yesterday')} {repeatedYesterday === null ? MISSING : count(repeatedYesterday)}
              </>
            }
          >
            <ChangingNumber text={count(board.repeatGroups)} />
            <span className="focusUnit">{t('unit.group')}</span>
          </Figure>
        </ul>
      )}
    </section>
  );
}
