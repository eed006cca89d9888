import '../alert/alert.css';
import './group.css';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Alert, wantsAcknowledgement } from '../../../domain/alarm.ts';
import { type ListedSeverity, standingOf } from '../../../domain/alertFigures.ts';
import { useBoardPart, useFigures, useLink, useWallParts } from '../../live/useWall.ts';
import { useGroupTitle } from '../../panels/overdue/FloodBody.tsx';
import { count } from '../../words/formats.ts';
import { readCommanded } from '../alert/alertWire.ts';
import { DispositionChips } from '../alert/DispositionChips.tsx';
import { useFaultText } from '../alert/HandlingForm.tsx';
import { faultTextOf, whyNot } from '../alert/handling.ts';
import { useDesk } from '../deskContext.ts';
import { useEntryText } from '../queue/entryText.ts';
import { useGroupPlace } from '../queue/FloodGroups.tsx';
import { EntryMark, Holding } from '../queue/QueueRow.tsx';
import type { QueueEntry } from '../queue/rows.ts';
import { usePlace } from '../usePlace.ts';

/** Nobody looks at more alerts than this before acknowledging them together; the server holds to the same. */
export const MOST_TOGETHER = 20;
const MINUTE_MS = 60_000;

/** What became of one member: what the server said of that very alert. */
type Outcome = { readonly ok: true } | { readonly ok: false; readonly sentence: string };

function Member(props: {
  entry: QueueEntry;
  chosen: boolean;
  mayChoose: boolean;
  outcome: Outcome | undefined;
  onChoose: (chosen: boolean) => void;
}) {
  const { entry, chosen, mayChoose, outcome, onChoose } = props;
  const { t } = useTranslation('desk');
  const { goTo } = usePlace();
  const { title, place } = useEntryText()(entry);
  const waits = wantsAcknowledgement(entry.alert.state);
  return (
    <li
      className="groupMember"
      data-testid="group-member"
      data-alert-id={entry.alert.id}
      data-state={entry.alert.state}
    >
      <input
        type="checkbox"
        aria-label={t('alert.groupSelect', { title: `${title} ${place}` })}
        checked={chosen && waits}
        disabled={!mayChoose || !waits}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <EntryMark entry={entry} />
      <button
        type="button"
        className="groupMemberText"
        onClick={() => goTo({ alertId: entry.alert.id, groupKey: undefined })}
      >
        <span className="place">{title}</span>
        <span className="queuePlace place">{place}</span>
      </button>
      <span className="groupMemberState">
        {outcome === undefined ? <Holding entry={entry} /> : outcome.ok ? t('alert.groupDone') : outcome.sentence}
      </span>
    </li>
  );
}

function useMembers(groupKey: string): { readonly entries: readonly QueueEntry[]; readonly known: boolean } {
  const { flood } = useFigures().alerts;
  const tickets = useBoardPart(({ board }) => board.tickets);
  const group = flood?.groups.find(({ key }) => key === groupKey);
  if (group === undefined) return { entries: [], known: false };
  const entryOf = (alert: Alert): QueueEntry => {
    const ticket = alert.ticketId === undefined ? undefined : tickets.get(alert.ticketId);
    return {
      alert,
      severity: alert.severity,
      standing: standingOf(alert.state) ?? 'acknowledged',
      overdueMs: null,
      ...(ticket === undefined ? {} : { ticket }),
    };
  };
  return { entries: group.alerts.map(entryOf), known: true };
}

/** A group of the flood, its members one by one: they are acknowledged by a request each, and each is answered for itself. */
export function GroupPane({ groupKey, onClose }: { groupKey: string; onClose: () => void }) {
  const { t } = useTranslation('desk');
  const { api, user, rules, commands } = useDesk();
  const { clock } = useWallParts();
  const link = useLink();
  const { at: now, alerts } = useFigures();
  const titleOf = useGroupTitle();
  const placeOfGroup = useGroupPlace();
  const faultText = useFaultText();
  const { entries, known } = useMembers(groupKey);
  const waiting = entries.filter(({ alert }) => wantsAcknowledgement(alert.state));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [disposition, setDisposition] = useState<string>();
  const [fault, setFault] = useState<'disposition' | 'groupNone'>();
  const [busy, setBusy] = useState(false);
  const faultId = useId();
  useEffect(() => commands.on('back', onClose), [commands, onClose]);

  const group = alerts.flood?.groups.find(({ key }) => key === groupKey);
  const chosen = waiting.filter(({ alert }) => !left.has(alert.id)).slice(0, MOST_TOGETHER);
  const chosenIds = new Set(chosen.map(({ alert }) => alert.id));
  const blocked = whyNot(user, link);
  const disabled = blocked !== undefined || busy;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (disabled || rules === undefined) return;
    if (disposition === undefined) return setFault('disposition');
    if (chosen.length === 0) return setFault('groupNone');
    setBusy(true);
    for (const { alert, severity } of chosen) {
      const nextCheckAt = (clock.now() ?? now) + rules.alarms.nextCheckMinutes[severity].standard * MINUTE_MS;
      const body = { disposition, nextCheckAt: new Date(nextCheckAt).toISOString() };
      const answer = await api.send('POST', `/alerts/${encodeURIComponent(alert.id)}/acknowledge`, body, readCommanded);
      const outcome: Outcome = answer.ok
        ? { ok: true }
        : { ok: false, sentence: faultText(faultTextOf(answer.refusal)) };
      setOutcomes((before) => new Map(before).set(alert.id, outcome));
    }
    setBusy(false);
  };

  if (!known || group === undefined) {
    return (
      <section className="deskColumn" aria-label={t('alert.group')}>
        <div className="paneNone">
          <h2>{t('alert.groupGone')}</h2>
        </div>
      </section>
    );
  }
  return (
    <section className="deskColumn alertPane" data-testid="group-pane" aria-label={t('alert.group')}>
      <header className="groupHead">
        <h2>{titleOf(group)}</h2>
        <p>
          {placeOfGroup(group)} ·{' '}
          {t('alert.groupCount', { a: count(group.unacknowledged), n: count(group.alerts.length) })}
        </p>
      </header>
      <form className="handling" onSubmit={submit} noValidate>
        <ol className="groupMembers" aria-label={t('alert.groupMembers')}>
          {entries.map((entry) => (
            <Member
              key={entry.alert.id}
              entry={entry}
              chosen={chosenIds.has(entry.alert.id)}
              mayChoose={!disabled}
              outcome={outcomes.get(entry.alert.id)}
              onChoose={(wanted) => {
                setFault(undefined);
                setLeft((before) => {
                  const next = new Set(before);
                  if (wanted) next.delete(entry.alert.id);
                  else next.add(entry.alert.id);
                  return next;
                });
              }}
            />
          ))}
        </ol>
        <DispositionChips
          value={disposition}
          disabled={disabled}
          invalid={fault === 'disposition'}
          onChoose={(id) => {
            setDisposition(id);
            setFault(undefined);
          }}
        />
        <p className="dialogNote">{t('alert.groupChecks', checkMinutes(rules?.alarms.nextCheckMinutes))}</p>
        <p className="handlingFault" role="alert" id={faultId}>
          {blocked !== undefined
            ? t(`alert.why.${blocked}`)
            : fault === 'groupNone'
              ? t('alert.groupNone')
              : fault === 'disposition' && t('alert.fault.disposition')}
        </p>
        <div className="handlingActions">
          <button
            type="submit"
            className="button primary handlingMain"
            data-testid="group-acknowledge"
            disabled={disabled}
            aria-describedby={faultId}
          >
            {t('alert.groupAcknowledge', { n: count(chosen.length) })}
          </button>
        </div>
        <p className="handlingNote">{t('alert.groupHint')}</p>
      </form>
    </section>
  );
}

function checkMinutes(rules: Readonly<Record<ListedSeverity, { readonly standard: number }>> | undefined) {
  return { critical: count(rules?.critical.standard ?? 0), high: count(rules?.high.standard ?? 0) };
}
