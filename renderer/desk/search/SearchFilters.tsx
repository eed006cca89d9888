import { useTranslation } from 'react-i18next';
import { DOMAINS, STATUSES } from '../../../domain/ticket.ts';
import { useBoardPart, useNames } from '../../live/useWall.ts';
import { nameBook, namedBy } from '../../panels/place.ts';
import { count } from '../../words/formats.ts';
import { useDesk } from '../deskContext.ts';
import type { TicketPage } from '../ticket/ticketWire.ts';
import { PERIODS, type SearchQuery } from './searchQuery.ts';

/** Stands among the states: late is what people look for, open or not. */
const OVERDUE = 'overdue';

/** A chip that opens the list of its choices; the first of them is none. */
function FilterChip(props: {
  label: string;
  any: string;
  choices: readonly { readonly value: string; readonly label: string }[];
  value: string | undefined;
  onChoose: (value: string | undefined) => void;
}) {
  const { label, any, choices, value, onChoose } = props;
  return (
    <select
      className={value === undefined ? 'filterChip' : 'filterChip chosen'}
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChoose(target.value === '' ? undefined : target.value)}
    >
      <option value="">{any}</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

/** What a search can be narrowed by beside its words; counts by status where they are known. */
export function SearchFilters(props: {
  query: SearchQuery;
  byStatus: TicketPage['byStatus'] | undefined;
  onChange: (change: Partial<SearchQuery>) => void;
}) {
  const { query, byStatus, onChange } = props;
  const { t } = useTranslation('desk');
  const { user } = useDesk();
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const book = nameBook(deployment);
  const named = (listed: readonly { readonly id: string; readonly name: Parameters<typeof nameOf>[0] }[]) =>
    listed.map(({ id, name }) => ({ value: id, label: nameOf(name) }));
  const countOf = (status: (typeof STATUSES)[number]) => {
    const name = t(`search.state.${status}`);
    return byStatus === undefined ? name : t('search.withCount', { name, n: count(byStatus[status]) });
  };
  return (
    <fieldset className="filterChips">
      <legend className="visuallyHidden">{t('search.filters')}</legend>
      <FilterChip
        label={t('search.period')}
        any={t('search.anyPeriod')}
        choices={PERIODS.map((period) => ({ value: period, label: t(`search.${period}`) }))}
        value={query.period}
        onChoose={(period) => onChange({ period: period as SearchQuery['period'] })}
      />
      <FilterChip
        label={t('search.domain')}
        any={t('search.anyDomain')}
        choices={DOMAINS.map((domain) => ({ value: domain, label: namedBy(book.domains, domain, nameOf) }))}
        value={query.domain}
        onChoose={(domain) => onChange({ domain: domain as SearchQuery['domain'] })}
      />
      {user.scope === undefined && (
        <FilterChip
          label={t('search.street')}
          any={t('search.anyStreet')}
          choices={named(deployment.streets)}
          value={query.street}
          onChoose={(street) => onChange({ street })}
        />
      )}
      <FilterChip
        label={t('search.status')}
        any={t('search.anyStatus')}
        choices={[
          { value: OVERDUE, label: t('search.overdue') },
          ...STATUSES.map((status) => ({ value: status, label: countOf(status) })),
        ]}
        value={query.overdue === undefined ? query.status : OVERDUE}
        onChoose={(chosen) =>
          onChange(
            chosen === OVERDUE
              ? { overdue: 'true', status: undefined }
              : { overdue: undefined, status: chosen as SearchQuery['status'] },
          )
        }
      />
      <FilterChip
        label={t('search.department')}
        any={t('search.anyDepartment')}
        choices={named(deployment.departments)}
        value={query.department}
        onChoose={(department) => onChange({ department })}
      />
    </fieldset>
  );
}
