import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useWallParts } from '../../live/useWall.ts';
import { count, timeOfDay } from '../../words/formats.ts';
import { DeskDialog, DialogFoot } from '../controls/DeskDialog.tsx';
import { useDesk } from '../deskContext.ts';
import { timeAhead } from './nextCheck.ts';

const OFFERED_MS = 3_600_000;
const REASON_MOST = 2000;

/** 搁置: why, and until when; it ends by itself. */
export function ShelveDialog(props: {
  onClose: () => void;
  /** `until` in epoch ms. */
  onShelve: (until: number, reason: string) => Promise<unknown>;
}) {
  const { onClose, onShelve } = props;
  const { t } = useTranslation('desk');
  const { rules } = useDesk();
  const { clock } = useWallParts();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const heardAt = useBoardPart((snapshot) => snapshot.heardAt);
  const mostMinutes = rules?.alarms.shelveMinutesAtMost ?? 0;
  const hours = count(mostMinutes / 60);
  const [until, setUntil] = useState(() => timeOfDay((clock.now() ?? heardAt) + OFFERED_MS, zone));
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<'reason' | 'until'>();
  const faultId = useId();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const ahead = timeAhead(until, clock.now() ?? heardAt, zone, mostMinutes);
    if (reason.trim() === '') setFault('reason');
    else if (!ahead.ok) setFault('until');
    // A refusal is told where the alert is, with what it is about
    else {
      await onShelve(ahead.at, reason.trim());
      onClose();
    }
  };
  return (
    <DeskDialog title={t('alert.shelveTitle')} onClose={onClose}>
      <form className="dialogForm" onSubmit={submit} noValidate>
        <label className="field">
          <span>{t('alert.shelveReason')}</span>
          <textarea
            rows={3}
            maxLength={REASON_MOST}
            value={reason}
            aria-invalid={fault === 'reason'}
            aria-describedby={faultId}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <label className="field">
          <span>{t('alert.shelveUntil')}</span>
          <input
            value={until}
            inputMode="numeric"
            aria-invalid={fault === 'until'}
            aria-describedby={faultId}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        </label>
        <p className="dialogNote">{t('alert.shelveNote', { hours })}</p>
        <DialogFoot
          fault={fault !== undefined && t(`alert.fault.${fault}`, { hours })}
          faultId={faultId}
          submit={t('alert.shelve')}
          onClose={onClose}
        />
      </form>
    </DeskDialog>
  );
}
