import { useTranslation } from 'react-i18next';
import type { FloodGroup } from '../../../domain/flood.ts';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { AlertMark } from '../../panels/marks/AlertMark.tsx';
import { Duration } from '../../panels/marks/Duration.tsx';
import { useGroupTitle } from '../../panels/overdue/FloodBody.tsx';
import { groupLook } from '../../panels/overdue/flood.ts';
import { nameBook, namedBy } from '../../panels/place.ts';
import { count, duration } from '../../words/formats.ts';
import { usePlace } from '../usePlace.ts';

/** Where a group of a flood lies and who has to deal with it. */
export function useGroupPlace(): (group: FloodGroup) => string {
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const book = nameBook(deployment);
  return ({ streetId, department }) => {
    const street = streetId === undefined ? undefined : namedBy(book.streets, streetId, nameOf);
    const name = department === undefined ? undefined : book.departments.get(department)?.name;
    return [street, name === undefined ? department : nameOf(name)].filter((part) => part !== undefined).join(' · ');
  };
}

function GroupRow({ group, opened, onOpen }: { group: FloodGroup; opened: boolean; onOpen: () => void }) {
  const { t } = useTranslation('desk');
  const { at: now } = useFigures();
  const title = useGroupTitle()(group);
  const place = useGroupPlace()(group);
  const { severity, held } = groupLook(group);
  return (
    <li>
      <button
        type="button"
        className={`queueRow ${severity} ${held ? 'acknowledged' : 'unacknowledged'}`}
        data-testid="alert-group"
        data-group={group.key}
        aria-current={opened}
        onClick={onOpen}
      >
        <span className="queueEdge" />
        <AlertMark severity={severity} look={held ? 'hollow' : 'filled'} />
        <span className="queueText">
          <span className="queueLine">
            <span className="queueTitle place">{title}</span>
            <span className="queueFor">
              <Duration parts={duration(now - group.oldestAt)} />
            </span>
          </span>
          <span className="queueLine">
            <span className="queuePlace place">{place}</span>
            <span className={held ? 'queueHolding' : 'queueHolding waits'}>
              {t('alert.groupCount', { a: count(group.unacknowledged), n: count(group.alerts.length) })}
            </span>
          </span>
        </span>
      </button>
    </li>
  );
}

/** In a flood its groups stand before the alerts; every alert is still in the list below. */
export function FloodGroups() {
  const { t } = useTranslation('desk');
  const { flood } = useFigures().alerts;
  const { place, goTo } = usePlace();
  // A group of one is a row of the list below
  const groups = (flood?.groups ?? []).filter(({ alerts, unacknowledged }) => alerts.length > 1 && unacknowledged > 0);
  if (groups.length === 0) return null;
  return (
    <section className="queueSection" data-section="flood" aria-label={t('alert.groupOpen')}>
      <h3 className="queueSectionTitle">{t('queue.floodSection')}</h3>
      <ol>
        {groups.map((group) => (
          <GroupRow
            key={group.key}
            group={group}
            opened={place.groupKey === group.key}
            onOpen={() => goTo({ groupKey: group.key, alertId: undefined })}
          />
        ))}
      </ol>
    </section>
  );
}
