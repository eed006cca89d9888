import { DOMAINS, type Domain, STATUSES, type Status } from '../../../domain/ticket.ts';

export const PERIODS = ['today', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

const DAYS: Readonly<Record<Period, number>> = { today: 1, week: 7, month: 30 };
const DAY_MS = 86_400_000;

/** What somebody looks for; it stands in the address, so that it can be kept, sent and gone back to. */
export interface SearchQuery {
  readonly q: string;
  readonly period: Period | undefined;
  readonly domain: Domain | undefined;
  readonly street: string | undefined;
  readonly department: string | undefined;
  readonly status: Status | undefined;
  /** Only what is late. */
  readonly overdue: 'true' | undefined;
}

const FILTERS = ['period', 'domain', 'street', 'department', 'status', 'overdue'] as const;

function oneOf<T extends string>(values: readonly T[], value: string | null): T | undefined {
  return (values as readonly (string | null)[]).includes(value) ? (value as T) : undefined;
}

export function queryIn(address: string): SearchQuery {
  const fields = new URLSearchParams(address);
  return {
    q: fields.get('q') ?? '',
    period: oneOf(PERIODS, fields.get('period')),
    domain: oneOf(DOMAINS, fields.get('domain')),
    street: fields.get('street') ?? undefined,
    department: fields.get('department') ?? undefined,
    status: oneOf(STATUSES, fields.get('status')),
    overdue: oneOf(['true'], fields.get('overdue')),
  };
}

/** The address with another query in it; whatever else stands in it stays. */
export function addressOf(query: SearchQuery, address: string): string {
  const fields = new URLSearchParams(address);
  for (const name of ['q', ...FILTERS] as const) {
    const value = query[name];
    if (value === undefined || value === '') fields.delete(name);
    else fields.set(name, value);
  }
  const text = fields.toString();
  return text === '' ? '' : `?${text}`;
}

/** The same for the server: the fields of `GET /tickets` and its export. Days are local ones: `dayStartAt` begins today. */
export function filterFields(query: SearchQuery, dayStartAt: number): URLSearchParams {
  const { period, ...rest } = query;
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value.trim() !== '') fields.set(name, value.trim());
  }
  if (period !== undefined) fields.set('from', new Date(dayStartAt - (DAYS[period] - 1) * DAY_MS).toISOString());
  return fields;
}
