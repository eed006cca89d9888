import './queue.css';
import { Tabs } from '@base-ui/react/tabs';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { severityCounts } from '../../../domain/alertFigures.ts';
import { useBoardPart, useFigures, useFiguresIfAny, useWallParts } from '../../live/useWall.ts';
import { AlertCounts } from '../../panels/marks/AlertCounts.tsx';
import { CheckMark } from '../../panels/marks/AlertMark.tsx';
import { count, timeOfDay } from '../../words/formats.ts';
import { useDesk } from '../deskContext.ts';
import { usePlace } from '../usePlace.ts';
import { useEntryText } from './entryText.ts';
import { FloodGroups } from './FloodGroups.tsx';
import { QueueRow } from './QueueRow.tsx';
import { countOf, FILTERS, type Filter, filtered, type QueueEntry, type QueueView, queueView } from './rows.ts';

const ROWS = '[data-testid=alert-row]';

/** Moves the focus to the next row, or back to the row of the opened alert where it was elsewhere. */
function stepFocus(list: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>(ROWS) ?? [])];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const current = rows.findIndex((row) => row.ariaCurrent === 'true');
  const next = at >= 0 ? at + by : current >= 0 ? current : 0;
  rows[Math.min(rows.length - 1, Math.max(0, next))]?.focus();
}

function Section(props: {
  title?: string;
  entries: readonly QueueEntry[];
  row: (entry: QueueEntry) => React.ReactNode;
  kind: string;
}) {
  const { title, entries, row, kind } = props;
  if (entries.length === 0) return null;
  return (
    <section className="queueSection" data-section={kind} aria-label={title}>
      {title !== undefined && <h3 className="queueSectionTitle">{title}</h3>}
      <ol>{entries.map(row)}</ol>
    </section>
  );
}

function Cleared({ cleared }: { cleared: QueueView['cleared'] }) {
  const { t } = useTranslation('desk');
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const textOf = useEntryText();
  return (
    <details className="queueMore" data-section="cleared">
      <summary>
        {t('queue.cleared')} <strong>{count(cleared.length)}</strong>
      </summary>
      <ol>
        {cleared.map((one) => (
          <li key={one.alert.id} className="clearedRow">
            <time>{timeOfDay(one.alert.changedAt, zone)}</time>
            <span className="place">{textOf(one).title}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Rows() {
  const { t } = useTranslation('desk');
  const { store } = useWallParts();
  const { commands } = useDesk();
  const { place, goTo } = usePlace();
  const figures = useFigures();
  const { listed } = figures.alerts;
  const [filter, setFilter] = useState<Filter>('all');
  const [focusedId, setFocusedId] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const view = useMemo(() => {
    const board = store.snapshot()?.board;
    if (board === undefined) throw new Error('the queue is shown before its first board');
    return queueView(figures.alerts.listed, board, figures.day.startAt);
  }, [figures, store]);
  const shown = filtered(view, filter);
  useEffect(() => {
    const off = [
      commands.on('next', () => stepFocus(list.current, 1)),
      commands.on('previous', () => stepFocus(list.current, -1)),
    ];
    return () => {
      for (const stop of off) stop();
    };
  }, [commands]);

  const inOrder = [...shown.waiting, ...shown.held, ...shown.shelved, ...shown.system];
  const ids = new Set(inOrder.map(({ alert }) => alert.id));
  const reachableId =
    focusedId !== undefined && ids.has(focusedId)
      ? focusedId
      : place.alertId !== undefined && ids.has(place.alertId)
        ? place.alertId
        : inOrder[0]?.alert.id;
  const row = (entry: QueueEntry) => (
    <QueueRow
      key={entry.alert.id}
      entry={entry}
      opened={entry.alert.id === place.alertId}
      reachable={entry.alert.id === reachableId}
      onFocus={() => setFocusedId(entry.alert.id)}
      onOpen={() => goTo({ alertId: entry.alert.id, groupKey: undefined })}
    />
  );
  return (
    <Tabs.Root className="queueTabs" value={filter} onValueChange={(value) => setFilter(value as Filter)}>
      <header className="queueHeader">
        <h2>{t('queue.title')}</h2>
        <AlertCounts counts={severityCounts(listed)} />
      </header>
      <Tabs.List className="queueFilter" aria-label={t('queue.filter')}>
        {FILTERS.map((one) => (
          <Tabs.Tab key={one} value={one} className="queueTab">
            {t(`queue.${one}`)} <span className="queueTabCount">{count(countOf(filtered(view, one)))}</span>
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={filter} className="queueRows" ref={list} tabIndex={-1}>
        {inOrder.length === 0 && (
          <p className="queueNone">
            <CheckMark />
            {listed.length === 0 ? t('queue.none') : t('queue.noneHere')}
          </p>
        )}
        {filter !== 'held' && <FloodGroups />}
        <Section kind="waiting" entries={shown.waiting} row={row} />
        <Section kind="held" title={t('queue.heldSection')} entries={shown.held} row={row} />
        <Section kind="shelved" title={t('queue.shelvedSection')} entries={shown.shelved} row={row} />
        <Section kind="system" title={t('queue.systemSection')} entries={shown.system} row={row} />
        {shown.other.length > 0 && (
          <details className="queueMore" data-section="other">
            <summary>
              {t('queue.otherSection')} <strong>{count(shown.other.length)}</strong>
            </summary>
            <ol>{shown.other.map(row)}</ol>
          </details>
        )}
        {filter === 'all' && <Cleared cleared={shown.cleared} />}
      </Tabs.Panel>
    </Tabs.Root>
  );
}

const KEYS = [
  ['↑↓', 'keySelect'],
  ['A', 'keyAcknowledge'],
  ['S', 'keyAssign'],
  ['N', 'keyNote'],
  ['/', 'keySearch'],
] as const;

function Keys() {
  const { t } = useTranslation('desk');
  return (
    <p className="queueKeys">
      {KEYS.map(([key, use]) => (
        <span key={key}>
          <kbd>{key}</kbd> {t(`queue.${use}`)}
        </span>
      ))}
    </p>
  );
}

/** 告警队列: what wants somebody first, kept live; ↑↓ moves, Enter opens. */
export function Queue() {
  const { t } = useTranslation('desk');
  const ready = useFiguresIfAny() !== undefined;
  return (
    <section className="deskColumn queue" data-testid="alert-queue" aria-label={t('queue.label')}>
      {ready ? <Rows /> : <p className="deskWaiting">{t('queue.connecting')}</p>}
      <Keys />
    </section>
  );
}
