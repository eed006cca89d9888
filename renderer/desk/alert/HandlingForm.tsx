import { type FormEvent, lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createMasker } from '../../../domain/masking.ts';
import { useBoardPart, useFigures, useLink, useNames, useWallParts } from '../../live/useWall.ts';
import { Tick } from '../../panels/marks/AlertMark.tsx';
import { count, timeOfDay, timeOrDate } from '../../words/formats.ts';
import { Suggestions } from '../controls/Suggestions.tsx';
import { useDesk } from '../deskContext.ts';
import { type Draft, EMPTY_DRAFT } from '../drafts.ts';
import type { QueueEntry } from '../queue/rows.ts';
import { readCommanded } from './alertWire.ts';
import { DispositionChips } from './DispositionChips.tsx';
import { type FaultText, faultTextOf, handlingOf, whyNot } from './handling.ts';
import { timeAhead } from './nextCheck.ts';

const ShelveDialog = lazy(async () => ({ default: (await import('./ShelveDialog.tsx')).ShelveDialog }));
const SpotlightDialog = lazy(async () => ({ default: (await import('./SpotlightDialog.tsx')).SpotlightDialog }));
const StepDialog = lazy(async () => ({ default: (await import('./StepDialog.tsx')).StepDialog }));

const MINUTE_MS = 60_000;

/** What is wrong with what was typed, or why the server did not do it. */
type Fault =
  | { readonly from: 'form'; readonly key: 'disposition' | 'format' | 'past' }
  | { readonly from: 'form'; readonly key: 'tooFar'; readonly minutes: number }
  | { readonly from: 'server'; readonly text: FaultText };

/** The sentence of a refusal. */
export function useFaultText(): (text: FaultText) => string {
  const { t } = useTranslation('desk');
  return ({ key, by = '', code = '' }) => t(`alert.fault.${key}`, { by, code });
}

/** How the wall shows this desk's user: its own rule for names. */
export function useNameOnWall(): string {
  const { user, rules } = useDesk();
  return createMasker({ readableNumbers: rules?.readableNumbers ?? [] }).personName(user.name);
}

function Held({ entry }: { entry: QueueEntry }) {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const { departments, dispositions, timeZone } = useBoardPart((snapshot) => snapshot.deployment);
  const { day } = useFigures();
  const { alert } = entry;
  const time = (at: number | undefined) => (at === undefined ? '' : timeOrDate(at, day.startAt, timeZone));
  if (handlingOf(alert) === 'over') return <p className="held">{t('alert.over')}</p>;
  if (handlingOf(alert) === 'shelved') {
    return (
      <div className="held">
        <p>{t('alert.shelvedBy', { by: alert.shelvedBy, time: time(alert.shelvedUntilAt) })}</p>
        {alert.shelveReason !== undefined && <p className="heldNote">{alert.shelveReason}</p>}
      </div>
    );
  }
  const disposition = dispositions.find(({ id }) => id === alert.disposition)?.name;
  const department = departments.find(({ id }) => id === alert.assignTo)?.name;
  const assigned = department === undefined ? alert.assignTo : nameOf(department);
  return (
    <div className="held" data-testid="held">
      <p>
        <Tick /> {t('alert.heldBy', { by: alert.acknowledgedBy, time: time(alert.acknowledgedAt) })}
      </p>
      <p className="heldNote">
        {[
          disposition === undefined ? alert.disposition : nameOf(disposition),
          assigned === undefined ? undefined : t('alert.heldAssign', { to: assigned }),
          alert.nextCheckAt === undefined ? undefined : t('alert.heldCheck', { time: time(alert.nextCheckAt) }),
        ]
          .filter((part) => part !== undefined)
          .join(' · ')}
      </p>
      {alert.note !== undefined && <p className="heldNote">{alert.note}</p>}
    </div>
  );
}

/** How long a next check is asked for at most, and what is offered, in minutes. */
function useSpan(entry: QueueEntry): { readonly standard: number; readonly most: number } | undefined {
  return useDesk().rules?.alarms.nextCheckMinutes[entry.severity];
}

/** One of the buttons beside the main one; why it may be disabled stands in `faultId`. */
function Action(props: {
  name: 'release' | 'shelve' | 'step' | 'spotlight';
  main?: boolean;
  disabled: boolean;
  faultId: string;
  onAct: () => void;
}) {
  const { name, main = false, disabled, faultId, onAct } = props;
  const { t } = useTranslation('desk');
  return (
    <button
      type="button"
      className={main ? 'button handlingMain' : 'button'}
      data-testid={name}
      disabled={disabled}
      aria-describedby={faultId}
      onClick={onAct}
    >
      {t(`alert.${name}`)}
    </button>
  );
}

type Opened = 'shelve' | 'spotlight' | 'step';

/** 确认并指派 and what else can be done about one alert. Nothing counts as done before the server has said so. */
export function HandlingForm({ entry }: { entry: QueueEntry }) {
  const { alert, ticket } = entry;
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const { api, user, drafts, commands } = useDesk();
  const { clock } = useWallParts();
  const link = useLink();
  const { at: now } = useFigures();
  const { departments, dispositions, timeZone } = useBoardPart((snapshot) => snapshot.deployment);
  const span = useSpan(entry);
  const faultText = useFaultText();
  const nameOnWall = useNameOnWall();
  const [draft, setDraft] = useState<Draft>(() => drafts.of(alert.id));
  const [fault, setFault] = useState<Fault>();
  const [done, setDone] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const form = useRef<HTMLFormElement>(null);
  const assign = useRef<HTMLInputElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const check = useRef<HTMLInputElement>(null);
  const ids = { fault: useId(), after: useId() };

  const blocked = whyNot(user, link);
  const handling = handlingOf(alert);
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    drafts.keep(alert.id, next);
    setFault(undefined);
  };
  const standardAt = now + (span?.standard ?? 0) * MINUTE_MS;
  const typedCheck = draft.nextCheck ?? (span === undefined ? '' : timeOfDay(standardAt, timeZone));
  const checkAhead = timeAhead(typedCheck, now, timeZone, span?.most ?? 0);

  const failed = (refusal: Parameters<typeof faultTextOf>[0]) =>
    setFault({ from: 'server', text: faultTextOf(refusal) });
  const send = async (path: string, body: unknown, said: string): Promise<boolean> => {
    setBusy(true);
    setFault(undefined);
    setDone(undefined);
    const answer = await api.send('POST', path, body, readCommanded);
    setBusy(false);
    if (!answer.ok) {
      failed(answer.refusal);
      return false;
    }
    setDone(said);
    return true;
  };

  const acknowledge = async () => {
    if (blocked !== undefined || busy || handling !== 'acknowledge') return;
    if (draft.disposition === undefined) {
      setFault({ from: 'form', key: 'disposition' });
      form.current?.querySelector<HTMLElement>('[data-testid=disposition]')?.focus();
      return;
    }
    const nowAt = clock.now() ?? now;
    const ahead =
      draft.nextCheck === undefined && span !== undefined
        ? ({ ok: true, at: nowAt + span.standard * MINUTE_MS } as const)
        : timeAhead(typedCheck, nowAt, timeZone, span?.most ?? 0);
    if (!ahead.ok) {
      const { reason } = ahead;
      setFault(
        reason === 'tooFar' ? { from: 'form', key: reason, minutes: span?.most ?? 0 } : { from: 'form', key: reason },
      );
      check.current?.focus();
      return;
    }
    const assigned = draft.assignTo.trim();
    const department = departments.find(({ name }) => nameOf(name) === assigned)?.id;
    const text = draft.note.trim();
    const accepted = await send(
      `/alerts/${encodeURIComponent(alert.id)}/acknowledge`,
      {
        disposition: draft.disposition,
        nextCheckAt: new Date(ahead.at).toISOString(),
        ...(assigned === '' ? {} : { assignTo: department ?? assigned }),
        ...(text === '' ? {} : { note: text }),
      },
      t('alert.done', { shown: `${nameOnWall} ${timeOfDay(nowAt, timeZone)}` }),
    );
    if (!accepted) return;
    drafts.drop(alert.id);
    setDraft(EMPTY_DRAFT);
  };
  const release = async () => {
    if (blocked !== undefined || busy) return;
    await send(`/alerts/${encodeURIComponent(alert.id)}/release`, undefined, t('alert.released'));
  };

  const latest = useRef({ acknowledge, change });
  latest.current = { acknowledge, change };
  useEffect(() => {
    const off = [
      commands.on('acknowledge', () => void latest.current.acknowledge()),
      commands.on('assign', () => assign.current?.focus()),
      commands.on('note', () => note.current?.focus()),
      commands.on('choose', ({ index }) => {
        const chosen = dispositions[index];
        if (chosen !== undefined) latest.current.change({ disposition: chosen.id });
      }),
    ];
    return () => {
      for (const stop of off) stop();
    };
  }, [commands, dispositions]);

  const faultSentence = (): string => {
    if (fault === undefined) return '';
    if (fault.from === 'server') return faultText(fault.text);
    return fault.key === 'tooFar'
      ? t('alert.fault.tooFar', { n: count(fault.minutes) })
      : t(`alert.fault.${fault.key}`);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void acknowledge();
  };
  const disabled = blocked !== undefined || busy;
  // Whoever is writing when the link goes may finish the sentence; only nothing can be sent
  const fixed = blocked === 'role' || busy;
  const close = () => setOpened(undefined);
  const action = { disabled, faultId: ids.fault };

  return (
    <>
      <form className="handling" ref={form} onSubmit={submit} noValidate>
        {handling === 'acknowledge' ? (
          <>
            <DispositionChips
              value={draft.disposition}
              disabled={fixed}
              invalid={fault?.from === 'form' && fault.key === 'disposition'}
              onChoose={(disposition) => change({ disposition })}
            />
            <div className="handlingPair">
              <Suggestions
                label={t('alert.assign')}
                value={draft.assignTo}
                suggestions={departments.map(({ name }) => nameOf(name))}
                placeholder={t('alert.assignHint')}
                disabled={fixed}
                inputRef={assign}
                onChange={(assignTo) => change({ assignTo })}
              />
              <label className="field nextCheckField">
                <span>{t('alert.nextCheck')}</span>
                <input
                  ref={check}
                  data-testid="next-check"
                  value={typedCheck}
                  inputMode="numeric"
                  autoComplete="off"
                  disabled={fixed}
                  aria-invalid={fault?.from === 'form' && fault.key !== 'disposition'}
                  aria-describedby={ids.after}
                  onChange={(event) => change({ nextCheck: event.currentTarget.value })}
                />
                <span className="nextCheckAfter" id={ids.after}>
                  {checkAhead.ok && t('alert.inMinutes', { n: count((checkAhead.at - now) / MINUTE_MS) })}
                </span>
              </label>
            </div>
            <label className="field">
              <span>{t('alert.note')}</span>
              <textarea
                ref={note}
                rows={2}
                maxLength={2000}
                value={draft.note}
                placeholder={t('alert.noteHint')}
                disabled={fixed}
                onChange={(event) => change({ note: event.currentTarget.value })}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
                  event.preventDefault();
                  void acknowledge();
                }}
              />
            </label>
          </>
        ) : (
          <Held entry={entry} />
        )}
        <span className="handlingSpace" />
        <p className="handlingFault" role="alert" id={ids.fault} data-testid="handling-fault">
          {blocked === undefined ? faultSentence() : t(`alert.why.${blocked}`)}
        </p>
        <div className="handlingActions">
          {handling === 'acknowledge' && (
            <button
              type="submit"
              className="button primary handlingMain"
              data-testid="acknowledge"
              disabled={disabled}
              aria-describedby={ids.fault}
              aria-keyshortcuts="A"
            >
              <Tick />
              {busy ? t('alert.acknowledging') : t('alert.acknowledge')} <kbd>{ACKNOWLEDGE_KEY}</kbd>
            </button>
          )}
          {(handling === 'held' || handling === 'shelved') && (
            <Action name="release" main {...action} onAct={() => void release()} />
          )}
          {handling !== 'over' && handling !== 'shelved' && (
            <Action
              name="shelve"
              {...action}
              disabled={disabled || alert.state === 'returnedUnacknowledged'}
              onAct={() => setOpened('shelve')}
            />
          )}
          {ticket !== undefined && <Action name="step" {...action} onAct={() => setOpened('step')} />}
          {ticket !== undefined && <Action name="spotlight" {...action} onAct={() => setOpened('spotlight')} />}
        </div>
        <p className="handlingNote" role="status">
          {done ??
            (handling === 'acknowledge' ? t('alert.sync', { shown: `${nameOnWall} ${timeOfDay(now, timeZone)}` }) : '')}
        </p>
      </form>
      <Suspense>
        {opened === 'shelve' && (
          <ShelveDialog
            onClose={close}
            onShelve={(until, reason) =>
              send(
                `/alerts/${encodeURIComponent(alert.id)}/shelve`,
                { until: new Date(until).toISOString(), reason },
                t('alert.shelvedDone', { time: timeOfDay(until, timeZone) }),
              )
            }
          />
        )}
        {opened === 'spotlight' && ticket !== undefined && (
          <SpotlightDialog ticketId={ticket.id} onClose={close} onShown={setDone} />
        )}
        {opened === 'step' && ticket !== undefined && <StepDialog ticket={ticket} onClose={close} onAdded={setDone} />}
      </Suspense>
    </>
  );
}

const ACKNOWLEDGE_KEY = 'A';
