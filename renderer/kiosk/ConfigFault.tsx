import './kiosk.css';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KioskSettings } from '../../protocol/ipc.ts';

/** As long as other notices stay that somebody has to act on; the log keeps it for good. */
const SAID_FOR_MS = 10 * 60_000;

/** Names a configuration that could not be used, for the first minutes of the page. */
export function ConfigFault({ fault }: { fault: NonNullable<KioskSettings['configFault']> }) {
  const { t } = useTranslation('kiosk');
  const [said, setSaid] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSaid(true), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, []);
  if (said) return null;
  return (
    <p className="configFault" role="status" data-testid="config-fault">
      {t('config.damaged', { file: fault.keptAs, what: fault.what })}
    </p>
  );
}
