import './audit.css';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AUDIT_KINDS } from '../../../protocol/auditKinds.ts';
import { parseInstant } from '../../../protocol/instants.ts';
import { useBoardPart, useNames } from '../../live/useWall.ts';
import { clockTime, isoDate, MISSING } from '../../words/formats.ts';
import { useDesk } from '../deskContext.ts';
import { ROLES } from '../session/user.ts';
import { type AuditEntry, isAuditKind, readAuditPage } from './auditWire.ts';

const PAGE = 100;

type Shown =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'entries'; readonly entries: readonly AuditEntry[]; readonly nextCursor: string | null };

/** The pages of the log so far, newest first, and the way to the next one. */
function useAudit(kind: string): { readonly shown: Shown; readonly more: (cursor: string) => void } {
  const { api } = useDesk();
  const [shown, setShown] = useState<Shown>({ kind: 'loading' });
  const ask = useCallback(
    async (cursor: string | undefined, before: readonly AuditEntry[], isWanted: () => boolean) => {
      const query = new URLSearchParams({ limit: String(PAGE) });
      if (kind !== '') query.set('kind', kind);
      if (cursor !== undefined) query.set('cursor', cursor);
      const answer = await api.get(`/audit?${query}`, readAuditPage);
      if (!isWanted()) return;
      if (answer.ok) {
        const { items, nextCursor } = answer.value;
        setShown({ kind: 'entries', entries: [...before, ...items], nextCursor });
      } else {
        const { refusal } = answer;
        setShown({ kind: 'failed', code: refusal.reason === 'refused' ? refusal.code : refusal.reason });
      }
    },
    [api, kind],
  );
  useEffect(() => {
    let wanted = true;
    setShown({ kind: 'loading' });
    void ask(undefined, [], () => wanted);
    return () => {
      wanted = false;
    };
  }, [ask]);
  return {
    shown,
    more: (cursor) => void ask(cursor, shown.kind === 'entries' ? shown.entries : [], () => true),
  };
}

const TOLD = ['password', 'provider', 'wrongPassword', 'unknownUser'] as const;

/** What else an entry says, in words where there are some for it: they come from closed lists of the server. */
function useDetailText(): (detail: NonNullable<AuditEntry['detail']>) => string {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const dispositions = useBoardPart((snapshot) => snapshot.deployment.dispositions);
  const wordOf = (value: string | number): string => {
    const told = TOLD.find((known) => known === value);
    const role = ROLES.find((known) => known === value);
    const disposition = dispositions.find(({ id }) => id === value)?.name;
    if (told !== undefined) return t(`audit.details.${told}`);
    if (role !== undefined) return t(`shell.${role}`);
    return disposition === undefined ? String(value) : nameOf(disposition);
  };
  return (detail) => Object.values(detail).map(wordOf).join(' · ');
}

function Row({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('desk');
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const { at, kind, username, address, subjects = [], detail = {} } = entry;
  const instant = parseInstant(at);
  const details = useDetailText()(detail);
  return (
    <tr data-testid="audit-row" data-kind={kind}>
      <td className="auditTime">
        {isoDate(instant, zone)} {clockTime(instant, zone)}
      </td>
      <td>{username ?? MISSING}</td>
      <td>
        {isAuditKind(kind) ? t(`audit.kinds.${kind}`) : kind}
        {details !== '' && <span className="auditDetail"> {details}</span>}
      </td>
      <td className="auditAbout place" title={subjects.join(' ')}>
        {subjects.join(' ')}
      </td>
      <td className="auditDetail">{address}</td>
    </tr>
  );
}

/** 操作记录: who came in, who read personal originals, who dealt with alerts; for administrators. */
export function AuditPanel() {
  const { t } = useTranslation('desk');
  const [kind, setKind] = useState('');
  const { shown, more } = useAudit(kind);
  return (
    <section className="deskColumn audit" data-testid="audit" aria-label={t('audit.title')}>
      <header className="auditHeader">
        <h2>{t('audit.title')}</h2>
        <label className="auditFilter">
          {t('audit.kind')}
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            <option value="">{t('audit.anyKind')}</option>
            {AUDIT_KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`audit.kinds.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </header>
      {shown.kind === 'loading' && <p className="auditNote">{t('audit.loading')}</p>}
      {shown.kind === 'failed' && (
        <p className="auditNote" role="alert">
          {t('audit.failed', { code: shown.code })}
        </p>
      )}
      {shown.kind === 'entries' && shown.entries.length === 0 && <p className="auditNote">{t('audit.none')}</p>}
      {shown.kind === 'entries' && shown.entries.length > 0 && (
        <table className="auditTable">
          <thead>
            <tr>
              {(['time', 'who', 'what', 'about', 'address'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`audit.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.entries.map((entry) => (
              <Row key={`${entry.at} ${entry.seq}`} entry={entry} />
            ))}
          </tbody>
        </table>
      )}
      {shown.kind === 'entries' && shown.nextCursor !== null && (
        <button type="button" className="button auditMore" onClick={() => more(shown.nextCursor as string)}>
          {t('audit.more')}
        </button>
      )}
    </section>
  );
}
