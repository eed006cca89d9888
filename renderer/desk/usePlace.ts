import { useCallback } from 'react';
import { moveTo, useAddress } from './address.ts';
import { type Place, placeIn, searchOf } from './place.ts';

/** The place in the address, and the way to another one. */
export function usePlace(): { readonly place: Place; readonly goTo: (change: Partial<Place>) => void } {
  const search = useAddress();
  const goTo = useCallback((change: Partial<Place>) => {
    moveTo(searchOf({ ...placeIn(location.search), ...change }, location.search));
  }, []);
  return { place: placeIn(search), goTo };
}
