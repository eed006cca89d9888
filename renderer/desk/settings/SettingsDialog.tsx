import './settings.css';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useNames } from '../../live/useWall.ts';
import { nameBook, namedBy } from '../../panels/place.ts';
import { chooseDeskLanguage } from '../../words/deskWords.ts';
import { LANGUAGES, type Language, nativeName } from '../../words/language.ts';
import { type Refusal, readNothing } from '../api.ts';
import { Chips } from '../controls/Chips.tsx';
import { DeskDialog } from '../controls/DeskDialog.tsx';
import { useDesk } from '../deskContext.ts';
import { keepNotices, wantsNotices } from '../notify/notifier.ts';
import { chooseTheme, chosenTheme, THEMES, type Theme } from '../theme.ts';

const LEAST_PASSWORD = 8;

type PasswordFault = 'missing' | 'differs' | 'current' | 'tooShort' | 'refusedNew' | 'locked' | 'unreachable' | 'other';

function faultOf(refusal: Refusal): { readonly fault: PasswordFault; readonly code: string } {
  if (refusal.reason === 'unreachable') return { fault: 'unreachable', code: '' };
  if (refusal.reason !== 'refused') return { fault: 'other', code: refusal.reason };
  if (refusal.retryAfterMs !== undefined) return { fault: 'locked', code: '' };
  const path = refusal.errors?.[0]?.path;
  if (path === 'password') return { fault: 'current', code: '' };
  if (path === 'newPassword') return { fault: 'refusedNew', code: '' };
  return { fault: 'other', code: refusal.code };
}

function PasswordForm() {
  const { t } = useTranslation('desk');
  const { api, user } = useDesk();
  const form = useRef<HTMLFormElement>(null);
  const [said, setSaid] = useState<{ readonly fault: PasswordFault; readonly code: string } | 'changed'>();
  const [busy, setBusy] = useState(false);
  const faultId = useId();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const [password = '', newPassword = '', again = ''] = ['current', 'next', 'again'].map((name) =>
      String(typed.get(name) ?? ''),
    );
    const fault =
      password === '' || newPassword === '' || again === ''
        ? 'missing'
        : newPassword !== again
          ? 'differs'
          : newPassword.length < LEAST_PASSWORD
            ? 'tooShort'
            : undefined;
    if (fault !== undefined) return setSaid({ fault, code: '' });
    setBusy(true);
    const answer = await api.send('POST', '/session/password', { password, newPassword }, readNothing);
    setBusy(false);
    setSaid(answer.ok ? 'changed' : faultOf(answer.refusal));
    if (answer.ok) form.current?.reset();
  };
  return (
    <form className="dialogForm" ref={form} onSubmit={submit} noValidate>
      <input type="text" hidden autoComplete="username" value={user.username} readOnly />
      {(['current', 'next', 'again'] as const).map((name) => (
        <label key={name} className="field">
          <span>{t(`settings.${name}`)}</span>
          <input
            name={name}
            type="password"
            autoComplete={name === 'current' ? 'current-password' : 'new-password'}
            aria-describedby={faultId}
          />
        </label>
      ))}
      <p className="dialogNote">{t('settings.passwordHint')}</p>
      <p className="dialogFault" role="alert" id={faultId} data-testid="password-said">
        {said === 'changed'
          ? t('settings.changed')
          : said !== undefined && t(`settings.fault.${said.fault}`, { code: said.code })}
      </p>
      <div className="dialogActions">
        <button type="submit" className="button" disabled={busy}>
          {t('settings.change')}
        </button>
      </div>
    </form>
  );
}

/** Asked for by a button, never on load: browsers punish pages that ask unbidden, and so do people. */
function Notices() {
  const { t } = useTranslation('desk');
  const [permission, setPermission] = useState(() =>
    'Notification' in window ? Notification.permission : ('missing' as const),
  );
  const [wanted, setWanted] = useState(() => wantsNotices(localStorage));
  const turn = async (on: boolean) => {
    if (on) setPermission(await Notification.requestPermission());
    keepNotices(on, localStorage);
    setWanted(on);
  };
  return (
    <div className="settingsLine">
      <span className="settingsLabel">{t('settings.notify')}</span>
      {permission === 'missing' && <span className="dialogNote">{t('settings.notifyMissing')}</span>}
      {permission === 'denied' && <span className="dialogNote">{t('settings.notifyDenied')}</span>}
      {(permission === 'default' || permission === 'granted') && (
        <button type="button" className="button" onClick={() => void turn(!(wanted && permission === 'granted'))}>
          {wanted && permission === 'granted' ? t('settings.notifyStop') : t('settings.notifyOff')}
        </button>
      )}
    </div>
  );
}

function Scope() {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const { user } = useDesk();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  return user.scope === undefined
    ? t('settings.wholeDistrict')
    : t('settings.scope', { street: namedBy(nameBook(deployment).streets, user.scope, nameOf) });
}

/** Who sits here, and how the desk looks and sounds to them. */
export function SettingsDialog(props: { hasBoard: boolean; onClose: () => void; onSignOut: () => void }) {
  const { hasBoard, onClose, onSignOut } = props;
  const { t, i18n } = useTranslation('desk');
  const { user } = useDesk();
  const [theme, setTheme] = useState<Theme>(() => chosenTheme(localStorage));
  const ids = { language: useId(), theme: useId() };
  return (
    <DeskDialog title={t('settings.title')} onClose={onClose}>
      <div className="settingsWho">
        <p>
          <strong>{user.name}</strong>{' '}
          {t('settings.signedInAs', { username: user.username, role: t(`shell.${user.role}`) })}
        </p>
        {hasBoard && (
          <p className="dialogNote">
            <Scope />
          </p>
        )}
      </div>
      <Chips
        label={t('settings.language')}
        labelId={ids.language}
        chips={LANGUAGES.map((language) => ({ value: language, label: nativeName(language) }))}
        value={i18n.language}
        onChoose={(language) => void chooseDeskLanguage(language as Language)}
      />
      <Chips
        label={t('settings.theme')}
        labelId={ids.theme}
        chips={THEMES.map((one) => ({ value: one, label: t(`settings.${one}`) }))}
        value={theme}
        onChoose={(chosen) => {
          setTheme(chosen as Theme);
          chooseTheme(chosen as Theme, window);
        }}
      />
      <Notices />
      <details className="settingsPassword">
        <summary>{t('settings.password')}</summary>
        <PasswordForm />
      </details>
      <div className="dialogActions">
        <button type="button" className="button" data-testid="sign-out" onClick={onSignOut}>
          {t('settings.signOut')}
        </button>
      </div>
    </DeskDialog>
  );
}
