import './kiosk.css';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KioskBridge, PinAnswer, PinPurpose } from '../../protocol/ipc.ts';
import { count } from '../words/formats.ts';

/** An entry that nobody goes on with closes by itself. */
const IDLE_MS = 30_000;
const LONGEST_PIN = 12;

/** The chords that ask for a PIN; by key, not by letter, for with Ctrl and Alt some keyboards type others. */
function purposeOf({ ctrlKey, altKey, code }: KeyboardEvent): PinPurpose | undefined {
  if (!ctrlKey || !altKey) return undefined;
  if (code === 'KeyQ') return 'leave';
  return code === 'KeyS' ? 'setup' : undefined;
}

/** Waits for Ctrl+Alt+Q (end) or Ctrl+Alt+S (set-up) and then asks for the kiosk's PIN; by keyboard alone. */
export function PinEntry({ kiosk }: { kiosk: Pick<KioskBridge, 'enterPin'> }) {
  const [purpose, setPurpose] = useState<PinPurpose>();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const asked = purposeOf(event);
      if (asked !== undefined) setPurpose(asked);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  if (purpose === undefined) return null;
  return <PinDialog key={purpose} kiosk={kiosk} purpose={purpose} onClose={() => setPurpose(undefined)} />;
}

function PinDialog(props: { kiosk: Pick<KioskBridge, 'enterPin'>; purpose: PinPurpose; onClose: () => void }) {
  const { kiosk, purpose, onClose } = props;
  const { t } = useTranslation('kiosk');
  const [pin, setPin] = useState('');
  const [answer, setAnswer] = useState<PinAnswer>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each digit, and each answer, begins the wait anew
  useEffect(() => {
    const idle = setTimeout(onClose, IDLE_MS);
    return () => clearTimeout(idle);
  }, [pin, answer, onClose]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') onClose();
      else if (event.key === 'Backspace') setPin(pin.slice(0, -1));
      else if (/^\d$/.test(event.key)) setPin((pin + event.key).slice(0, LONGEST_PIN));
      else if (event.key === 'Enter' && pin !== '') {
        setPin('');
        kiosk.enterPin(pin, purpose).then(
          (given) => (given.ok ? onClose() : setAnswer(given)),
          (error: unknown) => console.error(error),
        );
      }
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [pin, kiosk, purpose, onClose]);
  const refusal = answer === undefined || answer.ok ? undefined : answer;
  return (
    <div className="pinVeil">
      <section
        className="pinDialog"
        role="dialog"
        aria-label={t(`pin.${purpose}`)}
        data-testid="pin-entry"
        data-purpose={purpose}
        data-refused={refusal?.reason}
      >
        <h2 className="pinTitle">{t(`pin.${purpose}`)}</h2>
        <p className="pinDigits">{'●'.repeat(pin.length)}</p>
        {refusal !== undefined && (
          <p className="pinRefused" role="alert">
            {t(`pin.${refusal.reason}`, { seconds: count(Math.ceil(refusal.waitMs / 1000)) })}
          </p>
        )}
        <p className="pinHint">{t('pin.hint')}</p>
      </section>
    </div>
  );
}
