import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readNothing } from '../api.ts';
import { DeskDialog, DialogFoot } from '../controls/DeskDialog.tsx';
import { useDesk } from '../deskContext.ts';
import { useAnswer } from '../useAnswer.ts';
import { readPreview, readWalls } from './alertWire.ts';
import { useFaultText } from './HandlingForm.tsx';
import { type FaultText, faultTextOf } from './handling.ts';

const OFFERED_SECONDS = 60;
const LONGEST_SECONDS = 3600;

function Preview({ wallId, ticketId }: { wallId: string; ticketId: string }) {
  const { t } = useTranslation('desk');
  const faultText = useFaultText();
  const path = `/walls/${encodeURIComponent(wallId)}/preview/${encodeURIComponent(ticketId)}`;
  const answer = useAnswer(path, readPreview, 0);
  return (
    <section className="spotlightPreview" aria-label={t('alert.spotlightPreview')} aria-live="polite">
      <h3>{t('alert.spotlightPreview')}</h3>
      {answer?.ok === true && (
        <p data-testid="spotlight-preview">
          <strong>{answer.value.ticket.title}</strong> {answer.value.ticket.number}
        </p>
      )}
      {answer?.ok === false && <p>{faultText(faultTextOf(answer.refusal))}</p>}
    </section>
  );
}

/** 上屏: which wall, for how long, and how it will look there. */
export function SpotlightDialog(props: { ticketId: string; onClose: () => void; onShown: (said: string) => void }) {
  const { ticketId, onClose, onShown } = props;
  const { t } = useTranslation('desk');
  const { api } = useDesk();
  const faultText = useFaultText();
  const walls = useAnswer('/walls', readWalls, 0);
  const items = walls?.ok === true ? walls.value.items : [];
  const [chosenId, setChosenId] = useState<string>();
  const [seconds, setSeconds] = useState(OFFERED_SECONDS);
  const [fault, setFault] = useState<FaultText>();
  const faultId = useId();
  const wall = items.find(({ id }) => id === chosenId) ?? items.find(({ connected }) => connected) ?? items[0];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (wall === undefined) return;
    const path = `/walls/${encodeURIComponent(wall.id)}/spotlight`;
    const answer = await api.send('PUT', path, { ticketId, seconds }, readNothing);
    if (!answer.ok) {
      setFault(faultTextOf(answer.refusal));
      return;
    }
    onShown(t('alert.spotlightDone', { wall: wall.name, seconds }));
    onClose();
  };
  const takeBack = async (id: string) => {
    const answer = await api.send('DELETE', `/walls/${encodeURIComponent(id)}/spotlight`, undefined, readNothing);
    if (answer.ok) onClose();
    else setFault(faultTextOf(answer.refusal));
  };
  return (
    <DeskDialog title={t('alert.spotlightTitle')} onClose={onClose}>
      <form className="dialogForm" onSubmit={submit} noValidate>
        {walls === undefined && <p className="dialogNote">{t('alert.spotlightLoading')}</p>}
        {walls?.ok === false && <p className="dialogNote">{faultText(faultTextOf(walls.refusal))}</p>}
        {walls?.ok === true && items.length === 0 && <p className="dialogNote">{t('alert.spotlightNone')}</p>}
        {wall !== undefined && (
          <>
            <label className="field">
              <span>{t('alert.spotlightWall')}</span>
              <select value={wall.id} onChange={(event) => setChosenId(event.currentTarget.value)}>
                {items.map(({ id, name, connected }) => (
                  <option key={id} value={id}>
                    {connected ? name : `${name} · ${t('alert.spotlightOffline')}`}
                  </option>
                ))}
              </select>
            </label>
            <label className="field">
              <span>{t('alert.spotlightSeconds')}</span>
              <input
                type="number"
                min={1}
                max={LONGEST_SECONDS}
                value={seconds}
                onChange={(event) => {
                  const typed = Math.round(event.currentTarget.valueAsNumber);
                  if (typed >= 1 && typed <= LONGEST_SECONDS) setSeconds(typed);
                }}
              />
            </label>
            <Preview wallId={wall.id} ticketId={ticketId} />
          </>
        )}
        <DialogFoot
          fault={fault !== undefined && faultText(fault)}
          faultId={faultId}
          submit={t('alert.spotlightSubmit')}
          disabled={wall === undefined}
          onClose={onClose}
        >
          {wall?.spotlight != null && (
            <button type="button" className="button" onClick={() => void takeBack(wall.id)}>
              {t('alert.spotlightEnd')}
            </button>
          )}
        </DialogFoot>
      </form>
    </DeskDialog>
  );
}
