import './categories.css';
import { type CSSProperties, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CategoryTimes } from '../../../domain/domainHistory.ts';
import { type CategoryCounts, foldCategories } from '../../../domain/focusFigures.ts';
import { STAGES } from '../../../domain/metrics.ts';
import { DOMAINS } from '../../../domain/ticket.ts';
import { useBoardPart, useNames, usePanelSize, useUnit } from '../../live/useWall.ts';
import { count, duration, MISSING } from '../../words/formats.ts';
import { DataStateMark, NothingHeard, usePanelData } from '../dataState/DataState.tsx';
import { domainOf, useFocus } from '../focus.ts';
import { Duration } from '../marks/Duration.tsx';
import { Empty } from '../marks/Empty.tsx';
import type { PanelProps } from '../panelProps.ts';
import { nameBook, namedBy } from '../place.ts';
import { type TimesAxis, timesAxis } from './axis.ts';

/** Design units: a row, the panel's header with the line of headings, and the scale below. */
const ROW_MIN = 38;
const HEAD = 58 + 38;
const SCALE = 34;
/** A label of the scale with air, against the narrowest track (categories.css). */
const LABELS_APART = 62 / 300;

/** A zero in a table is a dash (visual specification §9). */
function Cell({ value, gone }: { value: number; gone: boolean }) {
  if (gone) return <span className="categoryCell figure gone">{MISSING}</span>;
  return value === 0 ? (
    <span className="categoryCell none">–</span>
  ) : (
    <span className="categoryCell figure">{count(value)}</span>
  );
}

function Times({ times, axis }: { times: CategoryTimes; axis: TimesAxis }) {
  const { position } = axis;
  const from = position(times.p10Ms);
  return (
    <span
      className="timesTrack"
      style={
        { '--from': from, '--length': position(times.p90Ms) - from, '--dot': position(times.medianMs) } as CSSProperties
      }
    >
      <span className="timesRange" />
      {times.limitMs !== null && (
        <span className="timesLimit" style={{ '--limit': position(times.limitMs) } as CSSProperties} />
      )}
      <span className="timesDot" />
    </span>
  );
}

function Row(props: {
  counts: CategoryCounts;
  name: string;
  most: number;
  times: CategoryTimes | undefined;
  axis: TimesAxis | undefined;
  gone: boolean;
}) {
  const { counts, name, most, times, axis, gone } = props;
  // Others are many categories: their bar would dwarf the rest.
  const isOne = counts.category !== '';
  return (
    <li className="categoryRow" data-category={counts.category}>
      <span className="categoryName place">{name}</span>
      <span className="categoryBar">
        {!gone && isOne && counts.reportedToday > 0 && (
          <span className="bar" style={{ '--share': counts.reportedToday / Math.max(1, most) } as CSSProperties} />
        )}
        <Cell value={counts.reportedToday} gone={gone} />
      </span>
      {STAGES.map((stage) => (
        <Cell key={stage} value={counts.stages[stage]} gone={gone} />
      ))}
      {times === undefined || axis === undefined ? (
        <span className="timesTrack bare" />
      ) : (
        <Times times={times} axis={axis} />
      )}
      <span className="categoryMedian">
        {times === undefined ? <span className="none">–</span> : <Duration parts={duration(times.medianMs)} />}
      </span>
    </li>
  );
}

/** 类别: today's reports, who waits where, and how long such tickets take against their limit. */
export function CategoriesPanel({ options }: PanelProps) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const unit = useUnit();
  const panel = useRef<HTMLElement>(null);
  const height = usePanelSize(panel).height / unit;
  const domain = domainOf(options) ?? DOMAINS[0];
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const times = useBoardPart((snapshot) => snapshot.history.domains[domain].categories);
  const { categories } = useFocus(domain);
  const { state, isKnown, attributes } = usePanelData(domain);
  const gone = state.kind === 'disconnected';
  const rows = Math.max(1, Math.floor((height - HEAD - SCALE) / ROW_MIN));
  const { shown, rest } = foldCategories(categories, rows);
  const timesById = useMemo(() => new Map(times.map((one) => [one.category, one])), [times]);
  const timed = shown.flatMap(({ category }) => timesById.get(category) ?? []);
  const axis = timed.length === 0 ? undefined : timesAxis(timed, LABELS_APART);
  const most = Math.max(...shown.map(({ reportedToday }) => reportedToday), 0);
  const names = nameBook(deployment).categories;
  return (
    <section className="panel categoriesPanel" data-testid="categories" {...attributes} ref={panel}>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('focus.categories')}</h2>
        <span className="chartKeys">
          <DataStateMark state={state} />
          <span className="chartKey">
            <span className="keyRange" />
            {t('focus.range')}
          </span>
          <span className="chartKey">
            <span className="keyDot" />
            {t('focus.middle')}
          </span>
          <span className="chartKey">
            <span className="keyLimit" />
            {t('focus.limit')}
          </span>
        </span>
      </header>
      {!isKnown ? (
        <NothingHeard state={state} />
      ) : shown.length === 0 ? (
        <Empty sentence={t('focus.noCategories')} small />
      ) : (
        <ol className="categoryRows">
          <li className="categoryRow categoryHead">
            <span />
            <span>{t('domain.reportedToday')}</span>
            {STAGES.map((stage) => (
              <span key={stage} className="categoryCell">
                {t(`focus.${stage}`)}
              </span>
            ))}
            <span className="timesHead">{t('focus.times')}</span>
            <span className="categoryMedian">{t('focus.middle')}</span>
          </li>
          {shown.map((counts) => (
            <Row
              key={counts.category}
              counts={counts}
              name={namedBy(names, counts.category, nameOf)}
              most={most}
              times={timesById.get(counts.category)}
              axis={axis}
              gone={gone}
            />
          ))}
          {rest !== null && (
            <Row
              counts={rest}
              name={t('focus.others', { n: count(rest.of) })}
              most={most}
              times={undefined}
              axis={undefined}
              gone={gone}
            />
          )}
          <li className="categoryRow categoryScale" aria-hidden="true">
            <span className="timesScale">
              {axis?.labels.map(({ at, part }) => (
                <span key={at} className="timesLabel" style={{ '--dot': at } as CSSProperties}>
                  <Duration parts={[part]} />
                </span>
              ))}
            </span>
          </li>
        </ol>
      )}
    </section>
  );
}
