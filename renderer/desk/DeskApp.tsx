import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addAllDeskWords } from '../words/deskWords.ts';
import { createApi } from './api.ts';
import { createDrafts } from './drafts.ts';
import { type SignedOutWhy, SignIn } from './session/SignIn.tsx';
import { readUser, type User } from './session/user.ts';

/** All that only somebody who has signed in needs. */
const loadWorkspace = async () => {
  const [workspace] = await Promise.all([import('./Workspace.tsx'), addAllDeskWords()]);
  return workspace;
};
const Workspace = lazy(async () => ({ default: (await loadWorkspace()).Workspace }));

type Standing =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signedOut'; readonly why: SignedOutWhy }
  | { readonly kind: 'signedIn'; readonly user: User };

/** The page: sign-in while nobody has signed in, else the desk. What was being written outlives an expired session. */
export function DeskApp() {
  const { t } = useTranslation('desk');
  const [standing, setStanding] = useState<Standing>({ kind: 'asking' });
  const [drafts] = useState(createDrafts);
  const lastUserId = useRef<string | undefined>(undefined);
  const { api, ended, signedIn } = useMemo(() => {
    const ended = (why: SignedOutWhy) =>
      setStanding((known) => (known.kind === 'signedOut' ? known : { kind: 'signedOut', why }));
    return {
      ended,
      api: createApi({
        fetch: (...given) => fetch(...given),
        onUnauthorized: () =>
          setStanding((known) => (known.kind === 'signedIn' ? { kind: 'signedOut', why: 'expired' } : known)),
      }),
      signedIn: (user: User) => {
        // Another person's drafts are nobody's business
        if (lastUserId.current !== undefined && lastUserId.current !== user.id) drafts.clear();
        lastUserId.current = user.id;
        setStanding({ kind: 'signedIn', user });
      },
    };
  }, [drafts]);

  useEffect(() => {
    let asking = true;
    void api.get('/session', readUser).then((answer) => {
      if (!asking) return;
      if (answer.ok) signedIn(answer.value);
      else ended(answer.refusal.reason === 'unreachable' ? 'unreachable' : 'first');
    });
    return () => {
      asking = false;
    };
  }, [api, signedIn, ended]);

  switch (standing.kind) {
    case 'asking':
      return <p className="deskWaiting">{t('entry.loading')}</p>;
    case 'signedOut':
      return <SignIn api={api} why={standing.why} onTyping={() => void loadWorkspace()} onSignedIn={signedIn} />;
    case 'signedIn':
      return (
        <Suspense fallback={<p className="deskWaiting">{t('entry.loading')}</p>}>
          <Workspace api={api} user={standing.user} drafts={drafts} onEnded={ended} />
        </Suspense>
      );
  }
}
