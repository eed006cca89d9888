import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Alert } from '../../../domain/alarm.ts';
import { useBoardPart, useNames } from '../../live/useWall.ts';
import { useAlertText } from '../../panels/overdue/AlertLine.tsx';
import type { QueueEntry } from './rows.ts';

/** What follows the kind in the id of an alert: the id of its source, for one about a source. */
function subjectOf({ id, kind }: Alert): string {
  return id.slice(kind.length + 1);
}

/** Title and place of any alert. What is about tickets reads as on the wall; the system's own has words of its own. */
export function useEntryText(): (entry: Pick<QueueEntry, 'alert' | 'ticket'>) => {
  readonly title: string;
  readonly place: string;
} {
  const { t } = useTranslation(['translation', 'desk']);
  const nameOf = useNames();
  const sources = useBoardPart((snapshot) => snapshot.deployment.sources);
  const textOf = useAlertText();
  return (entry) => {
    const { alert } = entry;
    if (alert.kind === 'sourceSilent') {
      const id = subjectOf(alert);
      const name = sources.find((source) => source.id === id)?.name;
      return {
        title: t('queue.sourceSilent', { ns: 'desk', source: name === undefined ? id : nameOf(name) }),
        place: '',
      };
    }
    if (alert.kind === 'systemFault') {
      const key = `system.${alert.cause.code}`;
      const known = i18next.exists(key);
      return { title: known ? i18next.t(key as never) : t('system.other', { code: alert.cause.code }), place: '' };
    }
    return textOf(entry);
  };
}
