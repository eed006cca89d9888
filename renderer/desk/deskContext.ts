import { createContext, useContext } from 'react';
import type { DeskRules } from './alert/alertWire.ts';
import type { Api } from './api.ts';
import type { Commands } from './commands.ts';
import type { Drafts } from './drafts.ts';
import type { User } from './session/user.ts';

/** What every part of the desk works with once somebody has signed in. */
export interface Desk {
  readonly api: Api;
  readonly user: User;
  readonly drafts: Drafts;
  readonly commands: Commands;
  /** Rules of handling, as the server describes its deployment; undefined until it has. */
  readonly rules: DeskRules | undefined;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error('a part of the desk is outside it');
  return desk;
}
