import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allowedSteps } from '../../../domain/decide.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import { useBoardPart, useNames, useWallParts } from '../../live/useWall.ts';
import { readNothing } from '../api.ts';
import { DeskDialog, DialogFoot } from '../controls/DeskDialog.tsx';
import { useDesk } from '../deskContext.ts';
import { useFaultText } from './HandlingForm.tsx';
import { faultTextOf } from './handling.ts';
import { dateAhead } from './nextCheck.ts';

type SentStep = ReturnType<typeof allowedSteps>[number];

/** Which step asks for what besides its note. */
const ASKS: Partial<Record<SentStep, 'department' | 'dueAt' | 'into'>> = {
  dispatch: 'department',
  extend: 'dueAt',
  merge: 'into',
};
const NOTE_MOST = 2000;

/** Adds a step that the ticket takes now, in the name of whoever sits here. */
export function StepDialog(props: { ticket: Ticket; onClose: () => void; onAdded: (said: string) => void }) {
  const { ticket, onClose, onAdded } = props;
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const { api, user } = useDesk();
  const { clock } = useWallParts();
  const faultText = useFaultText();
  const { departments, timeZone } = useBoardPart((snapshot) => snapshot.deployment);
  const heardAt = useBoardPart((snapshot) => snapshot.heardAt);
  const steps = allowedSteps(ticket);
  const [chosen, setChosen] = useState<SentStep>();
  const [department, setDepartment] = useState(ticket.department ?? '');
  const [dueAt, setDueAt] = useState('');
  const [into, setInto] = useState('');
  const [note, setNote] = useState('');
  const [fault, setFault] = useState<string>();
  const faultId = useId();
  const step = chosen !== undefined && steps.includes(chosen) ? chosen : steps[0];
  if (step === undefined) return null;
  const asks = ASKS[step];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const text = note.trim();
    const until = dateAhead(dueAt, clock.now() ?? heardAt, timeZone);
    if (step === 'note' && text === '') return setFault(t('alert.fault.note'));
    if (asks === 'department' && department === '') return setFault(t('alert.fault.department'));
    if (asks === 'dueAt' && until === undefined) return setFault(t('alert.fault.dueAt'));
    if (asks === 'into' && into.trim() === '') return setFault(t('alert.fault.into'));
    const body = {
      // A retry of this very step after a lost answer adds no second one
      id: crypto.randomUUID(),
      step,
      by: user.name,
      ...(asks === 'department' ? { department } : {}),
      ...(asks === 'dueAt' && until !== undefined ? { dueAt: new Date(until).toISOString() } : {}),
      ...(asks === 'into' ? { into: into.trim() } : {}),
      ...(text === '' ? {} : { note: text }),
    };
    const answer = await api.send('POST', `/tickets/${encodeURIComponent(ticket.id)}/steps`, body, readNothing);
    if (!answer.ok) return setFault(faultText(faultTextOf(answer.refusal)));
    onAdded(t('alert.stepDone', { step: t(`alert.steps.${step}`) }));
    onClose();
  };
  return (
    <DeskDialog title={t('alert.stepTitle')} onClose={onClose}>
      <form className="dialogForm" onSubmit={submit} noValidate>
        <label className="field">
          <span>{t('alert.stepKind')}</span>
          <select value={step} onChange={(event) => setChosen(event.currentTarget.value as SentStep)}>
            {steps.map((one) => (
              <option key={one} value={one}>
                {t(`alert.steps.${one}`)}
              </option>
            ))}
          </select>
        </label>
        {asks === 'department' && (
          <label className="field">
            <span>{t('alert.stepDepartment')}</span>
            <select value={department} onChange={(event) => setDepartment(event.currentTarget.value)}>
              <option value="" />
              {departments.map(({ id, name }) => (
                <option key={id} value={id}>
                  {nameOf(name)}
                </option>
              ))}
            </select>
          </label>
        )}
        {asks === 'dueAt' && (
          <label className="field">
            <span>{t('alert.stepDueAt')}</span>
            <input value={dueAt} onChange={(event) => setDueAt(event.currentTarget.value)} />
          </label>
        )}
        {asks === 'into' && (
          <label className="field">
            <span>{t('alert.stepInto')}</span>
            <input value={into} onChange={(event) => setInto(event.currentTarget.value)} />
          </label>
        )}
        <label className="field">
          <span>{t('alert.stepNote')}</span>
          <textarea
            rows={3}
            maxLength={NOTE_MOST}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        <DialogFoot fault={fault} faultId={faultId} submit={t('alert.stepSubmit')} onClose={onClose} />
      </form>
    </DeskDialog>
  );
}
