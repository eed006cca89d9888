import './signIn.css';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { WaveMark } from '../../panels/marks/WaveMark.tsx';
import { chooseDeskLanguage } from '../../words/deskWords.ts';
import { LANGUAGES, nameIn, nativeName } from '../../words/language.ts';
import type { Api, Refusal } from '../api.ts';
import { type ProviderRefusal, providerRefusalIn, readSignInWays, type SignInWays } from './signInWays.ts';
import { readUser, type User } from './user.ts';

/** `first`: nobody was signed in on this page before. */
export type SignedOutWhy = 'first' | 'expired' | 'signedOut' | 'unreachable';

type Fault =
  | { readonly kind: 'missing' | 'wrong' | 'unreachable' | 'insecure' }
  | { readonly kind: 'locked'; readonly untilMs: number }
  | { readonly kind: 'provider'; readonly reason: ProviderRefusal }
  | { readonly kind: 'failed'; readonly code: string };

function faultOf(refusal: Refusal, nowMs: number): Fault {
  switch (refusal.reason) {
    case 'unreachable':
      return { kind: 'unreachable' };
    case 'unauthorized':
      return { kind: 'wrong' };
    case 'unreadable':
      return { kind: 'failed', code: refusal.reason };
    case 'refused':
      if (refusal.retryAfterMs !== undefined) return { kind: 'locked', untilMs: nowMs + refusal.retryAfterMs };
      if (refusal.code === 'insecure_transport') return { kind: 'insecure' };
      return { kind: 'failed', code: refusal.code };
  }
}

/** Ms left until `untilMs` on the page's own clock, once a second; 0 when there is nothing to wait for. */
function useCountdown(untilMs: number | undefined): number {
  const [nowMs, setNowMs] = useState(() => performance.now());
  useEffect(() => {
    if (untilMs === undefined) return;
    const look = () => {
      setNowMs(performance.now());
      if (performance.now() >= untilMs) clearInterval(timer);
    };
    const timer = setInterval(look, 1000);
    look();
    return () => clearInterval(timer);
  }, [untilMs]);
  return untilMs === undefined ? 0 : Math.max(0, untilMs - nowMs);
}

function FaultText({ fault, waitMs }: { fault: Fault; waitMs: number }) {
  const { t } = useTranslation('desk');
  switch (fault.kind) {
    case 'missing':
      return t('login.missing');
    case 'wrong':
      return t('login.wrong');
    case 'unreachable':
      return t('login.unreachable');
    case 'insecure':
      return t('login.insecure');
    case 'provider':
      return t(`login.refused.${fault.reason}`);
    case 'failed':
      return t('login.failed', { code: fault.code });
    case 'locked': {
      const seconds = Math.ceil(waitMs / 1000);
      return t('login.locked', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
    }
  }
}

export function SignIn(props: {
  api: Api;
  why: SignedOutWhy;
  /** Somebody has begun to type: time to fetch what comes next. */
  onTyping: () => void;
  onSignedIn: (user: User) => void;
}) {
  const { api, why, onTyping, onSignedIn } = props;
  const { t, i18n } = useTranslation('desk');
  const username = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<Fault | undefined>(() => {
    const reason = providerRefusalIn(location.search);
    if (reason !== undefined) return { kind: 'provider', reason };
    return why === 'unreachable' ? { kind: 'unreachable' } : undefined;
  });
  const [ways, setWays] = useState<SignInWays>();
  const [busy, setBusy] = useState(false);
  const waitMs = useCountdown(fault?.kind === 'locked' ? fault.untilMs : undefined);
  const locked = fault?.kind === 'locked' && waitMs > 0;
  const shown = fault?.kind === 'locked' && !locked ? undefined : fault;

  // The page has nothing else to do
  useEffect(() => username.current?.focus(), []);
  useEffect(() => {
    void api.get('/sign-in', readSignInWays).then((answer) => {
      if (answer.ok) setWays(answer.value);
    });
  }, [api]);
  const provider = ways?.provider ?? null;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy || locked) return;
    const said = { username: username.current?.value.trim() ?? '', password: password.current?.value ?? '' };
    if (said.username === '' || said.password === '') {
      setFault({ kind: 'missing' });
      (said.username === '' ? username : password).current?.focus();
      return;
    }
    setBusy(true);
    const answer = await api.send('POST', '/session', said, readUser);
    setBusy(false);
    if (answer.ok) {
      onSignedIn(answer.value);
      return;
    }
    setFault(faultOf(answer.refusal, performance.now()));
    password.current?.select();
  };

  return (
    <main className="signIn">
      <form className="signInCard" data-testid="login" onSubmit={submit} onInput={onTyping} noValidate>
        <h1>
          <WaveMark />
          {t('entry.title')}
        </h1>
        <p className="signInProduct">{t('login.product')}</p>
        {why === 'expired' && (
          <p className="signInNote" role="status">
            {t('login.expired')}
          </p>
        )}
        {why === 'signedOut' && (
          <p className="signInNote" role="status">
            {t('login.signedOut')}
          </p>
        )}
        <label className="field">
          <span>{t('login.username')}</span>
          <input
            ref={username}
            name="username"
            data-testid="username"
            type="text"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        </label>
        <label className="field">
          <span>{t('login.password')}</span>
          <input
            ref={password}
            name="password"
            data-testid="password"
            type="password"
            autoComplete="current-password"
            required
          />
        </label>
        <p className="signInFault" role="alert" data-fault={shown?.kind}>
          {shown !== undefined && <FaultText fault={shown} waitMs={waitMs} />}
        </p>
        <button type="submit" className="button primary" disabled={busy || locked}>
          {busy ? t('login.submitting') : t('login.submit')}
        </button>
        {provider !== null && (
          <>
            <p className="signInOr">{t('login.or')}</p>
            <a className="button" data-testid="provider" href={provider.url}>
              {t('login.provider', { name: nameIn(i18n.language, provider.name) })}
            </a>
          </>
        )}
      </form>
      <fieldset className="signInLanguages" aria-label={t('login.language')}>
        {LANGUAGES.map((language) => (
          <button
            key={language}
            type="button"
            className="linkButton"
            aria-pressed={i18n.language === language}
            onClick={() => void chooseDeskLanguage(language)}
          >
            {nativeName(language)}
          </button>
        ))}
      </fieldset>
    </main>
  );
}
