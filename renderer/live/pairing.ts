/** How often the wall asks whether it has been approved, and waits after a failure. */
const ASK_EVERY_MS = 2000;

export interface PairingState {
  /** Six characters for people to read; undefined while there is none. */
  readonly code: string | undefined;
  readonly reachable: boolean;
}

/** An answer of the server, as far as pairing needs it; undefined where nothing usable came back. */
type Ask = (
  path: string,
  init: RequestInit,
) => Promise<{ readonly status: number; readonly body: unknown } | undefined>;

export function askServer(serverUrl: string): Ask {
  return async (path, init) => {
    try {
      const response = await fetch(`${serverUrl}${path}`, init);
      return { status: response.status, body: await response.json() };
    } catch {
      return undefined;
    }
  };
}

function stringField(body: unknown, name: string): string | undefined {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Gets a code, shows it through `onState` and asks until an administrator has approved it; a code that has expired is
 * replaced. Calls `onToken` once and is done. Returns what stops it.
 */
export function startPairing(options: {
  readonly ask: Ask;
  /** Calls back after `ms`; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly onState: (state: PairingState) => void;
  readonly onToken: (token: string) => void;
}): () => void {
  const { ask, after, onState, onToken } = options;
  let stopped = false;
  let cancel = () => {};
  let begun: { code: string; secret: string } | undefined;

  const again = () => {
    cancel = after(ASK_EVERY_MS, () => void turn());
  };
  const turn = async () => {
    if (begun === undefined) {
      const answer = await ask('/api/v1/pairings', { method: 'POST' });
      if (stopped) return;
      const code = stringField(answer?.body, 'code');
      const secret = stringField(answer?.body, 'secret');
      if (code !== undefined && secret !== undefined) begun = { code, secret };
      onState({ code, reachable: answer !== undefined });
    } else {
      const answer = await ask(`/api/v1/pairings/${encodeURIComponent(begun.code)}`, {
        headers: { Authorization: `Bearer ${begun.secret}` },
      });
      if (stopped) return;
      const token = stringField(answer?.body, 'token');
      if (token !== undefined) {
        onToken(token);
        return;
      }
      // Unknown to the server, or approved and handed out to nobody: only a new code helps.
      const spent = answer !== undefined && (answer.status !== 200 || stringField(answer.body, 'status') !== 'pending');
      if (spent) begun = undefined;
      onState({ code: begun?.code, reachable: answer !== undefined });
      if (spent) {
        void turn();
        return;
      }
    }
    again();
  };
  void turn();
  return () => {
    stopped = true;
    cancel();
  };
}
