import type { Alert } from '../../../domain/alarm.ts';
import type { LinkState } from '../../live/connection.ts';
import type { Refusal } from '../api.ts';
import { mayHandle, type User } from '../session/user.ts';

/** Why nobody at this desk may do anything about any alert now; undefined where they may. */
export function whyNot(user: User, link: LinkState): 'role' | 'offline' | undefined {
  if (!mayHandle(user)) return 'role';
  return link.kind === 'linked' && link.feed === 'live' ? undefined : 'offline';
}

/** What can be done about an alert as it stands. */
export type Handling = 'acknowledge' | 'held' | 'shelved' | 'over';

export function handlingOf({ state }: Pick<Alert, 'state'>): Handling {
  switch (state) {
    case 'unacknowledged':
    case 'returnedUnacknowledged':
      return 'acknowledge';
    case 'acknowledged':
      return 'held';
    case 'shelved':
      return 'shelved';
    case 'normal':
    case 'suppressed':
    case 'outOfService':
      return 'over';
  }
}

/** A refusal as the key of its sentence (section `alert.fault`) and what that sentence tells. */
export interface FaultText {
  readonly key:
    | 'held'
    | 'state'
    | 'unreachable'
    | 'unauthorized'
    | 'gone'
    | 'scope'
    | 'illegal'
    | 'samePerson'
    | 'other';
  readonly by?: string;
  readonly code?: string;
}

export function faultTextOf(refusal: Refusal): FaultText {
  switch (refusal.reason) {
    case 'unreachable':
    case 'unauthorized':
      return { key: refusal.reason };
    case 'unreadable':
      return { key: 'other', code: refusal.reason };
    case 'refused': {
      const { code, by } = refusal;
      switch (code) {
        case 'already_acknowledged':
          return { key: 'held', ...(by === undefined ? {} : { by }) };
        case 'same_person':
          return { key: 'samePerson', ...(by === undefined ? {} : { by }) };
        case 'illegal_state':
          return { key: 'state' };
        case 'illegal_step':
          return { key: 'illegal' };
        case 'not_found':
          return { key: 'gone' };
        case 'out_of_scope':
          return { key: 'scope' };
        default:
          return { key: 'other', code };
      }
    }
  }
}
