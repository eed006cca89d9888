import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentSecurityPolicy, contentTypeOf, createPageHandler, pageFileOf } from '../../main/wallProtocol.ts';

test.each([
  ['wall://app/index.html', '/built/pages/index.html'],
  ['wall://app/index.html?v=1#token=abc', '/built/pages/index.html'],
  ['wall://app/assets/index-B1c.js', '/built/pages/assets/index-B1c.js'],
  ['wall://app/assets/%E5%A4%AA%E7%99%BD.svg', '/built/pages/assets/太白.svg'],
  ['wall://app/assets/a%20b.css', '/built/pages/assets/a b.css'],
  ['wall://app/a/../index.html', '/built/pages/index.html'],
  ['wall://app/../../etc/passwd', '/built/pages/etc/passwd'],
  ['wall://app/%2e%2e/etc/passwd', '/built/pages/etc/passwd'],
  ['wall://app/..a/b', '/built/pages/..a/b'],
])('%s is the file %s', (address, path) => {
  expect(pageFileOf(address, '/built/pages')).toEqual({ ok: true, path });
  expect(pageFileOf(address, '/built/pages/')).toEqual({ ok: true, path });
});

test.each([
  ['wall://app/..%2f..%2fetc%2fpasswd', 'outside'],
  ['wall://app/a/..%2f..%2f..%2fetc/passwd', 'outside'],
  ['wall://app/%2e%2e%2fpages-of-others/index.html', 'outside'],
  ['wall://app/..%5c..%5cwindows%5cwin.ini', 'malformed'],
  ['wall://app/index.html%00.png', 'malformed'],
  ['wall://app/%E5%A4', 'malformed'],
  ['wall://app/', 'malformed'],
  ['wall://app/assets/', 'malformed'],
  ['not an address', 'malformed'],
  ['wall://other/index.html', 'foreign'],
  ['wall://app:1/index.html', 'foreign'],
  ['http://app/index.html', 'foreign'],
  ['file:///etc/passwd', 'foreign'],
])('%s is refused: %s', (address, reason) => {
  expect(pageFileOf(address, '/built/pages')).toEqual({ ok: false, reason });
});

test.each([
  ['index.html', 'text/html; charset=utf-8'],
  ['assets/index-B1c.js', 'text/javascript; charset=utf-8'],
  ['assets/index.css', 'text/css; charset=utf-8'],
  ['assets/noto.woff2', 'font/woff2'],
  ['assets/MARK.SVG', 'image/svg+xml'],
  ['assets/index.js.map', 'application/octet-stream'],
  ['passwd', 'application/octet-stream'],
])('%s is sent as %s', (path, type) => {
  expect(contentTypeOf(path)).toBe(type);
});

test.each([
  ['http://127.0.0.1:8311', 'connect-src http://127.0.0.1:8311 ws://127.0.0.1:8311'],
  ['https://wall.example.org', 'connect-src https://wall.example.org wss://wall.example.org'],
])('with the server %s the page may reach that one and no other', (serverUrl, connectSource) => {
  const policy = contentSecurityPolicy(serverUrl).split('; ');
  expect(policy).toContain(connectSource);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy.join(' ')).not.toMatch(/unsafe|\*/);
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'taibai-pages-'));
  mkdirSync(join(folder, 'pages/assets'), { recursive: true });
  writeFileSync(join(folder, 'pages/index.html'), '<!doctype html><title>wall</title>');
  writeFileSync(join(folder, 'secret'), 'secret');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a page comes with its type and its policy', async () => {
  const handle = createPageHandler(join(folder, 'pages'), () => 'http://127.0.0.1:8311');
  const response = await handle(new Request('wall://app/index.html'));
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('<!doctype html><title>wall</title>');
  expect(Object.fromEntries(response.headers)).toEqual({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy('http://127.0.0.1:8311'),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
});

test.each([
  ['a file that is not there', new Request('wall://app/none.js')],
  ['a folder', new Request('wall://app/assets')],
  ['a file outside', new Request('wall://app/..%2fsecret')],
  ['another host', new Request('wall://other/index.html')],
  ['a request that would change something', new Request('wall://app/index.html', { method: 'POST' })],
])('%s is a failed load', async (_what, request) => {
  const handle = createPageHandler(join(folder, 'pages'), () => 'http://127.0.0.1:8311');
  expect((await handle(request)).type).toBe('error');
});
