import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Adapter, Low } from 'lowdb';
import { z } from 'zod';
import { replaceFile } from './durableFile.ts';
import { createSharedWrite } from './sharedWrite.ts';

export const ROLES = ['viewer', 'leader', 'duty', 'admin'] as const;
export type Role = (typeof ROLES)[number];
export const CLIENT_KINDS = ['source', 'wall'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

const account = z.object({
  id: z.string(),
  /** As typed at the first time; compared without case. */
  username: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  scope: z.string().optional(),
  /** Absent: it signs in through the identity provider alone. */
  passwordHash: z.string().optional(),
  /** It was generated, and must be replaced by then. */
  passwordEndsAt: z.number().optional(),
  /** The person at the identity provider that first signed in to it, `issuer subject`. */
  provider: z.string().optional(),
  createdAt: z.number(),
});
const session = z.object({
  tokenHash: z.string(),
  accountId: z.string(),
  createdAt: z.number(),
  /** Its last use, written down now and then; absent: none since it was opened. */
  usedAt: z.number().optional(),
  expiresAt: z.number(),
});
const client = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(CLIENT_KINDS),
  scope: z.string().optional(),
  tokenHash: z.string(),
  createdAt: z.number(),
  /** What a wall was told to show; absent: its own choice. */
  scene: z.string().optional(),
  /** A ticket put on a wall, until an instant of real time. */
  spotlight: z.object({ ticketId: z.string(), endsAt: z.number() }).optional(),
  /** What a wall's kiosk was told to keep (protocol/kioskConfig.ts); absent: nothing. */
  configuration: z.record(z.string(), z.unknown()).optional(),
});
const document = z.object({
  version: z.literal(1),
  accounts: z.array(account),
  sessions: z.array(session),
  clients: z.array(client),
  settings: z.object({
    /** Source options of the last start, to carry on with after a start without any. */
    sources: z.array(z.string()).optional(),
    speed: z.string().optional(),
    /** Where the clock of a replay of these sources stood at the last stop, in the time of its data. */
    clockLeftAt: z.number().optional(),
  }),
  /** 本月研判 as confirmed, by `yyyy-MM`, and a street's own by `yyyy-MM street` (findings.ts). Instants of the domain clock. */
  findings: z
    .record(
      z.string(),
      z.object({
        revision: z.number(),
        sentences: z.array(z.object({ subject: z.string(), text: z.string() })),
        confirmedBy: z.string(),
        confirmedAt: z.number(),
      }),
    )
    .optional(),
});

export type Account = z.infer<typeof account>;
export type Session = z.infer<typeof session>;
export type Client = z.infer<typeof client>;
export type SettingsDocument = z.infer<typeof document>;

/** Accounts, clients, sessions and settings: `accounts.json`. Instants are epoch ms of real time; secrets are kept as hashes only. */
export interface SettingsDb {
  /** As it stands on the disk: another object after each change, so it is asked for anew rather than kept. */
  readonly data: Readonly<SettingsDocument>;
  /**
   * Changes a draft, which becomes `data` once it is on the disk; then it settles with what `change` returned. Changes
   * see all those asked for before them. Where the disk refuses, nothing has changed and it rejects. Whole-file writes,
   * so for changes at a human pace only.
   */
  update<Result>(change: (draft: SettingsDocument) => Result): Promise<Result>;
  /** Waits for writes under way. */
  close(): Promise<void>;
}

const FILE_NAME = 'accounts.json';

/** Readable by the owner alone. */
function ownerOnlyFile(path: string): Adapter<unknown> {
  return {
    async read() {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as unknown;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    write: (data) =>
      replaceFile(path, async (file) => {
        await file.chmod(0o600);
        await file.writeFile(`${JSON.stringify(data, null, 2)}\n`);
      }),
  };
}

/** Opens (or begins) `accounts.json` of a data folder. A damaged file is never replaced: `problem` says which and what to do. */
export async function openSettingsDb(
  directory: string,
): Promise<{ ok: true; db: SettingsDb } | { ok: false; problem: string }> {
  const path = join(directory, FILE_NAME);
  const low = new Low<unknown>(ownerOnlyFile(path), null);
  try {
    await low.read();
  } catch (error) {
    return { ok: false, problem: damaged(path, (error as Error).message) };
  }
  const read = document.safeParse(low.data ?? { version: 1, accounts: [], sessions: [], clients: [], settings: {} });
  if (!read.success) {
    const [issue] = read.error.issues;
    return { ok: false, problem: damaged(path, `${issue?.path.join('.')}: ${issue?.message}`) };
  }
  let { data } = read;
  const writes = createSharedWrite<(before: SettingsDocument) => SettingsDocument>(async (changes) => {
    const draft = changes.reduce((before, change) => change(before), data);
    low.data = draft;
    await low.write();
    data = draft;
  });

  return {
    ok: true,
    db: {
      get data() {
        return data;
      },
      async update(change) {
        let outcome: { readonly result: ReturnType<typeof change> } | { readonly error: unknown } | undefined;
        await writes.add((before) => {
          // A copy of its own: a change that throws half-way leaves nothing behind
          const draft = structuredClone(before);
          try {
            outcome = { result: change(draft) };
            return draft;
          } catch (error) {
            outcome = { error };
            return before;
          }
        });
        if (outcome === undefined) throw new Error('a change was written without being made');
        if ('error' in outcome) throw outcome.error;
        return outcome.result;
      },
      close: () => writes.idle(),
    },
  };
}

function damaged(path: string, detail: string): string {
  return `${path} is damaged (${detail}). Restore it from a backup, or move it away to start without accounts and clients.`;
}
