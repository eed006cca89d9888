import { describe, expect, it } from 'vitest';
import { type PairingState, startPairing } from '../../renderer/live/pairing.ts';
import { openTokenStore, tokenInHash } from '../../renderer/live/wallToken.ts';

/** A server that gives the answers in turn, and a clock that waits for the test. */
function pairing(answers: ({ status: number; body: unknown } | undefined)[]) {
  const asked: [string, RequestInit][] = [];
  const states: PairingState[] = [];
  const tokens: string[] = [];
  let resume: (() => void) | undefined;
  let settled = () => {};
  const stop = startPairing({
    ask: async (path, init) => {
      asked.push([path, init]);
      return answers.shift();
    },
    after: (_, run) => {
      resume = run;
      settled();
      return () => {
        resume = undefined;
      };
    },
    onState: (state) => states.push(state),
    onToken: (token) => {
      tokens.push(token);
      settled();
    },
  });
  const rest = () =>
    new Promise<void>((resolve) => {
      settled = resolve;
    });
  const turn = async () => {
    const done = rest();
    resume?.();
    await done;
  };
  return { asked, states, tokens, stop, rest, turn, waiting: () => resume !== undefined };
}

const begun = (code: string) => ({ status: 201, body: { code, secret: `secret of ${code}`, expiresAt: '…' } });
const pending = { status: 200, body: { status: 'pending', expiresAt: '…' } };

describe('pairing', () => {
  it('shows its code and asks with its secret until it has a token', async () => {
    const wall = pairing([begun('7KQ4MX'), pending, { status: 200, body: { status: 'approved', token: 'T' } }]);
    await wall.rest();
    expect(wall.states.at(-1)).toEqual({ code: '7KQ4MX', reachable: true });
    await wall.turn();
    await wall.turn();
    expect(wall.tokens).toEqual(['T']);
    expect(wall.asked[1]).toEqual([
      '/api/v1/pairings/7KQ4MX',
      { headers: { Authorization: 'Bearer secret of 7KQ4MX' } },
    ]);
  });

  it.each([
    ['expired', { status: 404, body: { code: 'not_found' } }],
    ['handed out already', { status: 200, body: { status: 'approved' } }],
  ])('takes a new code when its own is %s', async (_, answer) => {
    const wall = pairing([begun('7KQ4MX'), answer, begun('A3CD67')]);
    await wall.rest();
    await wall.turn();
    expect(wall.states.at(-1)).toEqual({ code: 'A3CD67', reachable: true });
  });

  it('keeps its code while the server is away, and says so while it has none', async () => {
    const wall = pairing([undefined, begun('7KQ4MX'), undefined]);
    await wall.rest();
    expect(wall.states.at(-1)).toEqual({ code: undefined, reachable: false });
    await wall.turn();
    await wall.turn();
    expect(wall.states.at(-1)).toEqual({ code: '7KQ4MX', reachable: false });
  });

  it('is quiet once stopped', async () => {
    const wall = pairing([begun('7KQ4MX')]);
    await wall.rest();
    wall.stop();
    expect(wall.waiting()).toBe(false);
  });
});

describe('the token', () => {
  it.each([
    ['#token=abc', 'abc'],
    ['#token=', undefined],
    ['#scene=x', undefined],
    ['', undefined],
  ])('in %j is %s', (hash, token) => expect(tokenInHash(hash)).toBe(token));

  it('of the address is kept and taken out of the address bar', async () => {
    const kept = new Map<string, string>();
    const shown: string[] = [];
    const browser = (hash: string) =>
      ({
        location: { hash, origin: 'http://wall.example', pathname: '/wall', search: '?lang=en' },
        history: { replaceState: (_: unknown, __: string, url: string) => void shown.push(url) },
        localStorage: {
          getItem: (key: string) => kept.get(key) ?? null,
          setItem: (key: string, value: string) => void kept.set(key, value),
          removeItem: (key: string) => void kept.delete(key),
        },
      }) as unknown as Parameters<typeof openTokenStore>[0];
    const first = await openTokenStore(browser('#token=abc'));
    expect(first).toMatchObject({ serverUrl: 'http://wall.example', token: 'abc' });
    expect(shown).toEqual(['/wall?lang=en']);
    expect((await openTokenStore(browser(''))).token).toBe('abc');
    first.forget();
    expect((await openTokenStore(browser(''))).token).toBe(null);
  });

  it('of a kiosk is its main process’s affair', async () => {
    const saved: string[] = [];
    const kiosk = {
      settings: async () => ({ serverUrl: 'http://127.0.0.1:8311', token: 'K' }),
      saveToken: async (token: string) => void saved.push(token),
    };
    const store = await openTokenStore({ kiosk } as unknown as Parameters<typeof openTokenStore>[0]);
    expect(store).toMatchObject({ serverUrl: 'http://127.0.0.1:8311', token: 'K' });
    await store.save('fresh');
    expect(saved).toEqual(['fresh']);
  });
});
