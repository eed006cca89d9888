import { useCallback, useSyncExternalStore } from 'react';
import { type Place, placeIn, searchOf } from './place.ts';

const MOVED = 'desk:moved';

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(MOVED, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(MOVED, listener);
  };
}

/** The place in the address, and the way to another one. */
export function usePlace(): { readonly place: Place; readonly goTo: (change: Partial<Place>) => void } {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const goTo = useCallback((change: Partial<Place>) => {
    const next = searchOf({ ...placeIn(location.search), ...change }, location.search);
    if (next === location.search) return;
    history.pushState(null, '', `${location.pathname}${next}`);
    dispatchEvent(new Event(MOVED));
  }, []);
  return { place: placeIn(search), goTo };
}
