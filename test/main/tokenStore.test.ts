import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTokenStore, type SecretStore } from '../../main/tokenStore.ts';

const noSecretStore: SecretStore = {
  isEncryptionAvailable: () => false,
  encryptString: () => {
    throw new Error('no secret store');
  },
  decryptString: () => {
    throw new Error('no secret store');
  },
};

/** Not a cipher: what matters is that only the store that wrote can read. */
function secretStore(key: string): SecretStore {
  return {
    isEncryptionAvailable: () => true,
    encryptString: (text) => Buffer.from(`${key}:${[...text].reverse().join('')}`),
    decryptString: (bytes) => {
      const text = bytes.toString();
      if (!text.startsWith(`${key}:`)) throw new Error('wrong key');
      return [...text.slice(key.length + 1)].reverse().join('');
    },
  };
}

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taibai-token-'));
  path = join(folder, 'token.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const server = 'http://10.0.0.5:8311';

test('before the first pairing there is none', () => {
  expect(createTokenStore(path, server, noSecretStore).read()).toEqual({ kind: 'none' });
});

test('with a secret store the token is not in the file', () => {
  expect(createTokenStore(path, server, secretStore('k')).save('tok-123')).toBe('keyring');
  expect(readFileSync(path, 'utf8')).not.toContain('tok-123');
  expect(createTokenStore(path, server, secretStore('k')).read()).toEqual({
    kind: 'saved',
    token: 'tok-123',
    protection: 'keyring',
  });
});

test('without one it is in a file that only its owner reads', () => {
  expect(createTokenStore(path, server, noSecretStore).save('tok-123')).toBe('file');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(createTokenStore(path, server, noSecretStore).read()).toEqual({
    kind: 'saved',
    token: 'tok-123',
    protection: 'file',
  });
});

test('a new token replaces the old one, whatever mode a torn attempt left behind', () => {
  writeFileSync(`${path}.next`, 'torn', { mode: 0o644 });
  const tokens = createTokenStore(path, server, noSecretStore);
  tokens.save('tok-1');
  tokens.save('tok-2');
  expect(tokens.read()).toMatchObject({ kind: 'saved', token: 'tok-2' });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a token goes to no other server than the one that gave it', () => {
  createTokenStore(path, server, noSecretStore).save('tok-123');
  expect(createTokenStore(path, 'http://10.0.0.6:8311', noSecretStore).read()).toEqual({
    kind: 'otherServer',
    serverUrl: server,
  });
});

test.each([
  ['half a file', '{"serverUrl":"http'],
  ['nothing', ''],
  ['another shape', '{"serverUrl":"http://10.0.0.5:8311","token":7,"protection":"file"}'],
  ['an unknown protection', '{"serverUrl":"http://10.0.0.5:8311","token":"t","protection":"rot13"}'],
  ['null', 'null'],
])('%s is named and left as it is', (_what, text) => {
  writeFileSync(path, text);
  expect(createTokenStore(path, server, noSecretStore).read()).toEqual({
    kind: 'unreadable',
    detail: expect.stringContaining(path),
  });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a token of a lost keyring is named, not a crash', () => {
  createTokenStore(path, server, secretStore('old')).save('tok-123');
  expect(createTokenStore(path, server, secretStore('new')).read()).toMatchObject({ kind: 'unreadable' });
});
