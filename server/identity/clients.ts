import { randomUUID } from 'node:crypto';
import type { Client, ClientKind, SettingsDb } from '../store/settingsDb.ts';
import type { ClientIdentity } from './identity.ts';
import { createToken, hashOfToken } from './tokens.ts';

export interface NewClient {
  readonly name: string;
  readonly kind: ClientKind;
  readonly scope?: string;
}

/** Programs and walls that hold a token of their own. The token is given out once; only its hash is kept. */
export interface Clients {
  list(): readonly Client[];
  create(wanted: NewClient): Promise<{ readonly id: string; readonly token: string }>;
  find(tokenHash: string): ClientIdentity | undefined;
  /** Revokes and cuts live sockets. False where there is no such client. */
  remove(id: string): Promise<boolean>;
}

export function createClients(
  db: SettingsDb,
  parts: { readonly now: () => number; readonly onRevoked: (clientId: string) => void },
): Clients {
  const identityOf = ({ id, name, kind, scope }: Client): ClientIdentity => ({
    kind,
    clientId: id,
    name,
    ...(scope === undefined ? {} : { scope }),
  });
  // Every report of every source passes here
  const byHash = new Map(db.data.clients.map((client) => [client.tokenHash, identityOf(client)]));

  return {
    list: () => db.data.clients,
    async create(wanted) {
      const token = createToken();
      const client: Client = { id: randomUUID(), ...wanted, tokenHash: hashOfToken(token), createdAt: parts.now() };
      await db.update(({ clients }) => clients.push(client));
      byHash.set(client.tokenHash, identityOf(client));
      return { id: client.id, token };
    },
    find: (tokenHash) => byHash.get(tokenHash),
    async remove(id) {
      const removed = await db.update((document) => {
        const client = document.clients.find((known) => known.id === id);
        document.clients = document.clients.filter((known) => known !== client);
        return client;
      });
      if (removed === undefined) return false;
      byHash.delete(removed.tokenHash);
      parts.onRevoked(id);
      return true;
    },
  };
}
