import { parseArgs } from 'node:util';

/**
 * The options that `npm start` hands to the server, by name, so that a misspelt one is refused before a set-up of
 * minutes; what their values may be is the server's business (server/config.ts), and a test keeps the two together.
 */
export const startOptions = /** @type {const} */ ({
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  deployment: { type: 'string' },
  source: { type: 'string', multiple: true },
  speed: { type: 'string' },
  'log-level': { type: 'string' },
  'rate-limit': { type: 'string' },
  'tls-certificate': { type: 'string' },
  'tls-key': { type: 'string' },
  proxy: { type: 'string' },
  url: { type: 'string' },
  'plain-passwords': { type: 'boolean' },
  oidc: { type: 'string' },
  'no-window': { type: 'boolean' },
  help: { type: 'boolean' },
});

/**
 * @param {string[]} given what follows `npm start --`
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ ok: true, windowRefused: boolean } | { ok: false, problem: string }} the problem in one line, worded as
 *   the server does
 */
export function readStartOptions(given, env) {
  try {
    const { values } = parseArgs({ args: given, options: startOptions });
    return { ok: true, windowRefused: values['no-window'] === true || Boolean(env.WALL_NO_WINDOW) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's advice on positional arguments would only mislead here
    return { ok: false, problem: `${error.message.split(/\. |\n/)[0]}; --help lists the options` };
  }
}
