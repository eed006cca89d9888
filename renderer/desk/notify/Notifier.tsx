import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useNames, useWallParts } from '../../live/useWall.ts';
import { nameBook, namedBy } from '../../panels/place.ts';
import { count } from '../../words/formats.ts';
import { startNotifier, wantsNotices } from './notifier.ts';

/** One at a time: a later one takes the earlier one's place. */
const TAG = 'taibai-desk-critical';

/** Tells the operating system of new criticals. Places only: its list of notices may be read by anybody who passes. */
export function Notifier({ onOpen }: { onOpen: (alertId: string) => void }) {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const { figures } = useWallParts();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const tell = useRef<Parameters<typeof startNotifier>[0]['tell']>(() => {});
  tell.current = (fresh) => {
    const { grids } = nameBook(deployment);
    const places = fresh.flatMap(({ alert }) =>
      alert.gridId === undefined ? [] : namedBy(grids, alert.gridId, nameOf),
    );
    const title = fresh.length === 1 ? t('notify.one') : t('notify.title', { n: count(fresh.length) });
    const notice = new Notification(title, { body: [...new Set(places)].join(' · '), tag: TAG });
    notice.onclick = () => {
      window.focus();
      const [first] = fresh;
      if (first !== undefined) onOpen(first.alert.id);
      notice.close();
    };
  };
  useEffect(
    () =>
      startNotifier({
        figures,
        mayTell: () => 'Notification' in window && Notification.permission === 'granted' && wantsNotices(localStorage),
        tell: (fresh) => tell.current(fresh),
      }),
    [figures],
  );
  return null;
}
