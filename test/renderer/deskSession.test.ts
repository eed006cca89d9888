import { describe, expect, it } from 'vitest';
import { AUDIT_KINDS } from '../../protocol/auditKinds.ts';
import { faultTextOf } from '../../renderer/desk/alert/handling.ts';
import { createApi, type Refusal, readNothing } from '../../renderer/desk/api.ts';
import { createDrafts, EMPTY_DRAFT } from '../../renderer/desk/drafts.ts';
import { placeIn, searchOf } from '../../renderer/desk/place.ts';
import { providerRefusalIn, readSignInWays } from '../../renderer/desk/session/signInWays.ts';
import { readUser } from '../../renderer/desk/session/user.ts';
import { chosenTheme, drawnTheme } from '../../renderer/desk/theme.ts';

function apiAnswering(answer: () => Response | Promise<Response>) {
  const asked: { readonly path: string; readonly init: RequestInit | undefined }[] = [];
  let ended = 0;
  const api = createApi({
    fetch: async (path, init) => {
      asked.push({ path: String(path), init });
      return answer();
    },
    onUnauthorized: () => {
      ended += 1;
    },
  });
  return { api, asked, endedTimes: () => ended };
}
const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

describe('the way to the server', () => {
  it('sends the cookie to our own server alone, and JSON', async () => {
    const { api, asked } = apiAnswering(() => json(200, { user: {} }));
    await api.send('POST', '/alerts/a/release', { a: 1 }, readNothing);
    expect(asked).toMatchObject([
      { path: '/api/v1/alerts/a/release', init: { method: 'POST', credentials: 'same-origin', body: '{"a":1}' } },
    ]);
  });

  it('says who holds an alert, by name', async () => {
    const { api } = apiAnswering(() => json(409, { code: 'already_acknowledged', by: '钱乙' }));
    const answer = await api.send('POST', '/alerts/a/acknowledge', {}, readNothing);
    expect(answer).toEqual({ ok: false, refusal: { reason: 'refused', code: 'already_acknowledged', by: '钱乙' } });
  });

  it('says how long a lockout lasts', async () => {
    const { api } = apiAnswering(() => json(429, { code: 'too_many_requests' }, { 'retry-after': '272' }));
    const answer = await api.send('POST', '/session', {}, readUser);
    expect(answer).toMatchObject({ ok: false, refusal: { retryAfterMs: 272_000 } });
  });

  it('tells a lost network, an ended session and a strange answer apart', async () => {
    const lost = apiAnswering(() => Promise.reject(new TypeError('failed to fetch')));
    expect(await lost.api.get('/x', readNothing)).toEqual({ ok: false, refusal: { reason: 'unreachable' } });
    const ended = apiAnswering(() => json(401, { code: 'unauthorized' }));
    expect(await ended.api.get('/x', readNothing)).toEqual({ ok: false, refusal: { reason: 'unauthorized' } });
    expect(ended.endedTimes()).toBe(1);
    const strange = apiAnswering(() => new Response('<html>', { status: 502 }));
    expect(await strange.api.get('/x', readNothing)).toEqual({ ok: false, refusal: { reason: 'unreadable' } });
    const misread = apiAnswering(() => json(200, { user: { id: 7 } }));
    expect(await misread.api.get('/session', readUser)).toEqual({ ok: false, refusal: { reason: 'unreadable' } });
    expect(lost.endedTimes() + strange.endedTimes() + misread.endedTimes()).toBe(0);
  });

  it('follows to the end of a session at the provider, and to no script', async () => {
    const link = (header: string) => apiAnswering(() => new Response(null, { status: 204, headers: { link: header } }));
    const end = await link('<https://id.example/end?x=1>; rel="end-session"').api.signOut();
    expect(end).toEqual({ ok: true, value: 'https://id.example/end?x=1' });
    expect(await link('<javascript:alert(1)>; rel="end-session"').api.signOut()).toEqual({ ok: true, value: null });
  });

  it.each<[Refusal, object]>([
    [{ reason: 'unreachable' }, { key: 'unreachable' }],
    [{ reason: 'unauthorized' }, { key: 'unauthorized' }],
    [{ reason: 'unreadable' }, { key: 'other', code: 'unreadable' }],
    [
      { reason: 'refused', code: 'already_acknowledged', by: '钱乙' },
      { key: 'held', by: '钱乙' },
    ],
    [
      { reason: 'refused', code: 'same_person', by: '王辛' },
      { key: 'samePerson', by: '王辛' },
    ],
    [{ reason: 'refused', code: 'illegal_state' }, { key: 'state' }],
    [{ reason: 'refused', code: 'illegal_step' }, { key: 'illegal' }],
    [{ reason: 'refused', code: 'not_found' }, { key: 'gone' }],
    [{ reason: 'refused', code: 'out_of_scope' }, { key: 'scope' }],
    [
      { reason: 'refused', code: 'newer' },
      { key: 'other', code: 'newer' },
    ],
  ])('has a sentence for %o', (refusal, text) => expect(faultTextOf(refusal)).toEqual(text));
});

describe('who sits at the desk', () => {
  it('is read whole or not at all', () => {
    const user = { id: '1', username: 'zhao', name: '赵甲', role: 'duty', scope: 'xuzhuang' };
    expect(readUser({ user: { ...user, newer: 1 } })).toEqual(user);
    expect(readUser({ user: { ...user, role: 'king' } })).toBe(undefined);
    expect(readUser({})).toBe(undefined);
    expect(readUser(null)).toBe(undefined);
  });

  it('may come by the provider of the house, whose button leads nowhere but to our own server', () => {
    const name = { zh: '区统一身份' };
    expect(readSignInWays({ provider: null })).toEqual({ provider: null });
    expect(readSignInWays({ provider: { name, url: '/api/v1/session/oidc' } })).toEqual({
      provider: { name, url: '/api/v1/session/oidc' },
    });
    expect(readSignInWays({ provider: { name, url: 'https://evil.example' } })).toBe(undefined);
    expect(providerRefusalIn('?signIn=noAccount')).toBe('noAccount');
    expect(providerRefusalIn('?signIn=newer')).toBe('other');
    expect(providerRefusalIn('?alert=x')).toBe(undefined);
  });
});

describe('the place in the address', () => {
  it('is kept with whatever else stands there', () => {
    const place = placeIn('?q=%E8%8D%B7&alert=overdue%3At1&ticket=t1');
    expect(place).toEqual({ tab: 'alerts', alertId: 'overdue:t1', groupKey: undefined, ticketId: 't1' });
    expect(searchOf({ ...place, alertId: undefined, tab: 'audit' }, '?q=%E8%8D%B7&alert=overdue%3At1&ticket=t1')).toBe(
      '?q=%E8%8D%B7&ticket=t1&tab=audit',
    );
  });
  it('is the queue where nothing or nonsense is said', () => {
    expect(placeIn('').tab).toBe('alerts');
    expect(placeIn('?tab=nonsense').tab).toBe('alerts');
    expect(searchOf(placeIn(''), '')).toBe('');
  });
});

describe('drafts', () => {
  it('are kept by alert and dropped with another person', () => {
    const drafts = createDrafts();
    drafts.keep('a', { ...EMPTY_DRAFT, note: '已联系' });
    expect(drafts.of('a').note).toBe('已联系');
    expect(drafts.of('b')).toBe(EMPTY_DRAFT);
    drafts.clear();
    expect(drafts.of('a')).toBe(EMPTY_DRAFT);
  });
});

describe('the theme', () => {
  const storage = (kept: string | null) => ({ getItem: () => kept });
  it('is light until somebody chooses', () => {
    expect(chosenTheme(storage(null))).toBe('light');
    expect(chosenTheme(storage('dark'))).toBe('dark');
    expect(chosenTheme(storage('pink'))).toBe('light');
  });
  it('goes with the machine where that was chosen', () => {
    expect(drawnTheme('system', true)).toBe('dark');
    expect(drawnTheme('system', false)).toBe('light');
    expect(drawnTheme('light', true)).toBe('light');
  });
});

describe('the audit log', () => {
  it('has words for everything that is taken down', async () => {
    const { audit } = (await import('../../renderer/words/desk/zh-CN.json')).default;
    expect(Object.keys(audit.kinds).sort()).toEqual([...AUDIT_KINDS].sort());
  });
});
