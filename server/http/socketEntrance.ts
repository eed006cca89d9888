import type { IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';
import { type Identity, roomOf, roomOfSession, type StaffIdentity } from '../identity/identity.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { AuditLog } from '../store/auditLog.ts';
import { type Authenticate, credentialsOf, isFromOwnPage } from './authentication.ts';
import { seesOriginals } from './ticketOut.ts';

/** How soon a socket is cut whose session ran out by itself. */
const LOOK_EVERY_MS = 1000;

/** Whose credentials open which namespace; the bare one is nobody's. */
const ENTRANCES: Readonly<Record<string, Identity['kind'] | undefined>> = {
  '/': undefined,
  '/feed': 'source',
  '/wall': 'wall',
  '/desk': 'staff',
};

/** A desk in a browser has no token to show, only the cookie, which counts for our own pages alone. */
function tokenOfCookie(request: IncomingMessage, publicUrl: URL | undefined): string | undefined {
  const credentials = isFromOwnPage(request, publicUrl) ? credentialsOf(request) : undefined;
  return credentials?.by === 'cookie' ? credentials.token : undefined;
}

/**
 * Lets sockets in by the token of their handshake, into `/desk` also by the session cookie, and nobody else
 * (`unauthorized`). A desk that gets personal originals is taken down in the audit log first (`unavailable` where the
 * disk refuses). Each carries `socket.data.identity` and `socket.data.originals` and sits in the rooms of its
 * credentials. A session that ran out ends its sockets. Returns its closer.
 */
export function guardEntrances(
  io: Server,
  parts: {
    readonly authenticate: Authenticate;
    readonly sessions: Pick<Sessions, 'use'>;
    readonly audit: Pick<AuditLog, 'record'>;
    readonly publicUrl: URL | undefined;
  },
): () => void {
  const { authenticate, sessions, audit, publicUrl } = parts;
  for (const [namespace, kind] of Object.entries(ENTRANCES)) {
    io.of(namespace).use((socket, next) => {
      const { token } = socket.handshake.auth as { readonly token?: unknown };
      const shown = token === undefined && kind === 'staff' ? tokenOfCookie(socket.request, publicUrl) : token;
      const identity = typeof shown === 'string' ? authenticate(shown) : undefined;
      if (identity === undefined || identity.kind !== kind) {
        next(new Error('unauthorized'));
        return;
      }
      socket.data.identity = identity;
      socket.data.originals = seesOriginals(identity);
      void socket.join(roomOf(identity));
      if (identity.kind === 'staff') void socket.join(roomOfSession(identity.sessionHash));
      if (!socket.data.originals || identity.kind !== 'staff') {
        next();
        return;
      }
      const { accountId, username } = identity;
      audit.record({ kind: 'deskOpened', accountId, username }).then(
        () => next(),
        () => next(new Error('unavailable')),
      );
    });
  }
  const looking = setInterval(() => {
    for (const socket of io.of('/desk').sockets.values()) {
      const { sessionHash } = (socket.data as { readonly identity: StaffIdentity }).identity;
      // An open desk is watched, which is a use of the session
      if (sessions.use(sessionHash) === undefined) socket.disconnect(true);
    }
  }, LOOK_EVERY_MS);
  looking.unref();
  return () => clearInterval(looking);
}
