import { useSyncExternalStore } from 'react';

const MOVED = 'desk:moved';

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(MOVED, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(MOVED, listener);
  };
}

/** The query of the page's address, followed as it changes. */
export function useAddress(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}

/** Goes to another query of the page; `replacing`: back does not stop at the one before. */
export function moveTo(search: string, replacing = false): void {
  if (search === location.search) return;
  const address = `${location.pathname}${search}`;
  if (replacing) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  dispatchEvent(new Event(MOVED));
}
