import { expect, test } from 'vitest';
import { judgeCertificate, mayReach } from '../../main/confine.ts';

test.each([
  ['wall://app/index.html', true],
  ['data:image/svg+xml,<svg/>', true],
  ['blob:wall://app/4711', true],
  ['https://wall.example.org/api/v1/pairings', true],
  ['wss://wall.example.org/socket.io/?EIO=4', true],
  ['https://wall.example.org:443/', true],
  ['http://wall.example.org/', false],
  ['ws://wall.example.org/', false],
  ['https://wall.example.org:8443/', false],
  ['https://wall.example.org.evil.example/', false],
  ['https://evil.example/?https://wall.example.org', false],
  ['https://evil.example/', false],
  ['http://127.0.0.1:9222/', false],
  ['file:///etc/passwd', false],
  ['ftp://wall.example.org/', false],
  ['chrome://gpu', false],
  ['', false],
])('with its server on https the kiosk may reach %s: %s', (address, expected) => {
  expect(mayReach(address, 'https://wall.example.org')).toBe(expected);
});

test.each([
  ['http://10.0.0.5:8311/readyz', true],
  ['ws://10.0.0.5:8311/socket.io/', true],
  ['http://10.0.0.5/readyz', false],
  ['https://10.0.0.5:8311/', false],
])('with its server on http: %s: %s', (address, expected) => {
  expect(mayReach(address, 'http://10.0.0.5:8311')).toBe(expected);
});

const pin = `sha256/${'A'.repeat(43)}=`;
const other = `sha256/${'B'.repeat(43)}=`;

test.each([
  ['wall.example.org', pin, null, 'asSystem'],
  ['wall.example.org', pin, pin, 'taken'],
  ['wall.example.org', other, pin, 'refused'],
  ['evil.example', pin, pin, 'refused'],
] as const)(
  'a certificate of %s with fingerprint %s against the pin %s: %s',
  (host, fingerprint, certificatePin, verdict) => {
    expect(
      judgeCertificate(host, { fingerprint }, { serverUrl: 'https://wall.example.org:8443', certificatePin }),
    ).toBe(verdict);
  },
);

test('a pinned server may have an IPv6 address', () => {
  const trust = { serverUrl: 'https://[fd00::5]:8443', certificatePin: pin };
  expect(judgeCertificate('fd00::5', { fingerprint: pin }, trust)).toBe('taken');
});
