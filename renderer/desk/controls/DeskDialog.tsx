import './deskDialog.css';
import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A dialogue over the desk: keeps the focus, gives it back, ends with Escape. Mount it while it is wanted. */
export function DeskDialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation('desk');
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="dialogBackdrop" />
        <Dialog.Popup className="dialog">
          <header className="dialogHeader">
            <Dialog.Title className="dialogTitle">{title}</Dialog.Title>
            <Dialog.Close className="dialogClose" aria-label={t('alert.close')}>
              <svg viewBox="0 0 20 20" aria-hidden="true">
                <path d="m5 5 10 10M15 5 5 15" />
              </svg>
            </Dialog.Close>
          </header>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What is wrong with a dialogue's form, and its two ways out. `faultId`: what the faulty field is described by. */
export function DialogFoot(props: {
  fault: ReactNode;
  faultId: string;
  submit: string;
  disabled?: boolean;
  onClose: () => void;
  /** A further button before the two. */
  children?: ReactNode;
}) {
  const { fault, faultId, submit, disabled = false, onClose, children } = props;
  const { t } = useTranslation('desk');
  return (
    <>
      <p className="dialogFault" role="alert" id={faultId}>
        {fault}
      </p>
      <div className="dialogActions">
        {children}
        <button type="button" className="button" onClick={onClose}>
          {t('alert.cancel')}
        </button>
        <button type="submit" className="button primary" disabled={disabled} aria-describedby={faultId}>
          {submit}
        </button>
      </div>
    </>
  );
}
