import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Message } from '../screens/Screens.tsx';
import { count } from '../words/formats.ts';

/**
 * The server speaks another version than this kiosk's program: names both, says which package to install, and asks
 * again: the server may be the one that is put right.
 * @param serverVersion undefined where the server did not tell it, or spoke what this page cannot read
 */
export function KioskUpdate(props: { kioskVersion: string; serverVersion: string | undefined; retryAfterMs: number }) {
  const { kioskVersion, serverVersion, retryAfterMs } = props;
  const { t } = useTranslation('kiosk');
  const [leftMs, setLeftMs] = useState(retryAfterMs);
  useEffect(() => {
    if (leftMs <= 0) {
      location.reload();
      return;
    }
    const timer = setTimeout(() => setLeftMs(leftMs - 1000), 1000);
    return () => clearTimeout(timer);
  }, [leftMs]);
  return (
    <Message
      testId="incompatible"
      title={t('update.title')}
      hint={t('update.versions', { kiosk: kioskVersion, server: serverVersion ?? t('update.unknown') })}
      foot={serverVersion === undefined ? t('update.hintUnknown') : t('update.hint', { server: serverVersion })}
      note={t('update.again', { seconds: count(Math.ceil(leftMs / 1000)) })}
    />
  );
}
