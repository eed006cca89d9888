import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';

describe('configuration', () => {
  it('has the defaults of the contract', () => {
    expect(readConfig([], {})).toEqual({
      ok: true,
      config: {
        port: 8311,
        host: '127.0.0.1',
        dataDirectory: resolve('data'),
        logLevel: 'warn',
        rateLimit: 5000,
        plainPasswords: false,
      },
    });
  });

  it('takes every option from the command line or its twin in the environment, the command line first', () => {
    const wanted = {
      port: 0,
      host: '0.0.0.0',
      dataDirectory: resolve('elsewhere'),
      deploymentFile: resolve('city.json'),
      sources: ['replay:a b.csv,until=2016-01-12T22:23:00-05:00', 'none'],
      speed: 3600,
      logLevel: 'info',
      rateLimit: 300,
      adminPassword: 'secret',
      tls: { certificateFile: resolve('hall.pem'), keyFile: resolve('hall.key') },
      trustedProxies: 'loopback, 10.0.0.0/8',
      plainPasswords: true,
      publicUrl: new URL('https://wall.example'),
      oidcFile: resolve('house.json'),
      oidcClientSecret: 'hush',
    };
    const args = [
      '--port',
      '0',
      '--host=0.0.0.0',
      '--data',
      'elsewhere',
      '--deployment',
      'city.json',
      '--speed',
      '3600',
    ];
    const sources = ['--source', wanted.sources[0] as string, '--source', 'none'];
    const both = [...args, ...sources, '--log-level', 'info', '--rate-limit', '300', '--no-window'];
    both.push('--tls-certificate', 'hall.pem', '--tls-key', 'hall.key', '--proxy', 'loopback,10.0.0.0/8');
    both.push('--plain-passwords', '--url', 'https://wall.example', '--oidc', 'house.json');
    const twins = {
      WALL_PORT: '0',
      WALL_RATE_LIMIT: '300',
      WALL_HOST: '0.0.0.0',
      WALL_DATA: 'elsewhere',
      WALL_DEPLOYMENT: 'city.json',
      WALL_SOURCE: wanted.sources.join('\n'),
      WALL_SPEED: '3600',
      WALL_LOG_LEVEL: 'info',
      WALL_ADMIN_PASSWORD: 'secret',
      WALL_TLS_CERTIFICATE: 'hall.pem',
      WALL_TLS_KEY: 'hall.key',
      WALL_PROXY: 'loopback, 10.0.0.0/8',
      WALL_PLAIN_PASSWORDS: '1',
      WALL_URL: 'https://wall.example',
      WALL_OIDC: 'house.json',
      WALL_OIDC_CLIENT_SECRET: 'hush',
    };
    const secrets = { WALL_ADMIN_PASSWORD: 'secret', WALL_OIDC_CLIENT_SECRET: 'hush' };
    expect(readConfig(both, secrets)).toEqual({ ok: true, config: wanted });
    expect(readConfig([], twins)).toEqual({ ok: true, config: wanted });
    expect(readConfig(['--port', '1', '--speed', 'max', '--source', 'demo'], twins)).toMatchObject({
      config: { port: 1, speed: 'max', sources: ['demo'] },
    });
  });

  it.each([
    [['--colour', 'red'], '--colour'],
    [['--port', 'http'], '--port'],
    [['--port', '65536'], '--port'],
    [['--port', '-1'], '--port'],
    [['--port'], '--port'],
    [['--speed', '0'], '--speed'],
    [['--speed', 'fast'], '--speed'],
    [['--speed', '1e3'], '--speed'],
    [['--data', ' '], '--data'],
    [['--log-level', 'loud'], '--log-level'],
    [['--no-window=yes'], '--no-window'],
    [['--tls-certificate', 'hall.pem'], '--tls-key'],
    [['--tls-key', 'hall.key'], '--tls-certificate'],
    [['--proxy', 'somewhere'], '--proxy'],
    [['--proxy', '10.0.0.0/33'], '--proxy'],
    [['--proxy', '10.0.0.1,'], '--proxy'],
    [['--url', 'wall.example'], '--url'],
    [['--url', 'ftp://wall.example'], '--url'],
    [['--url', 'https://wall.example/desk'], '--url'],
    [['--oidc', ' '], '--oidc'],
    [['serve'], 'serve'],
  ])('refuses %s in one line that names it', (args, name) => {
    const read = readConfig(args, {});
    expect(read).toMatchObject({ ok: false, reason: 'wrong' });
    const { problem } = read as { problem: string };
    expect(problem).toContain(name);
    expect(problem).not.toContain('\n');
  });

  it('refuses wrong values from the environment too', () => {
    expect(readConfig([], { WALL_PORT: 'x' })).toMatchObject({ ok: false, reason: 'wrong' });
    expect(readConfig([], { WALL_PORT: '' })).toMatchObject({ ok: true });
    expect(readConfig(['--help'], {})).toEqual({ ok: false, reason: 'help' });
  });
});
