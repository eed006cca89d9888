import { foldedUsername } from './foldedUsername.ts';

/** NIST SP 800-63B and OWASP ASVS 6.2.1: eight at least; length is what counts, so nothing is asked about kinds of characters. */
export const MIN_PASSWORD_LENGTH = 8;
/** Hashing takes what it is given: nobody may make it long. */
export const MAX_PASSWORD_LENGTH = 1000;

export type PasswordFault = 'tooShort' | 'tooLong' | 'tooCommon' | 'ownName';

/** In words, for `errors[]`. */
export const PASSWORD_FAULTS: Readonly<Record<PasswordFault, string>> = {
  tooShort: `must have at least ${MIN_PASSWORD_LENGTH} characters`,
  tooLong: `must have at most ${MAX_PASSWORD_LENGTH} characters`,
  tooCommon: 'is among the most common passwords; choose another',
  ownName: 'must not be the username',
};

/** Read at the first use: 400 kB that most days nobody needs. */
let common: Promise<ReadonlySet<string>> | undefined;

async function readCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter((password) => password.length >= MIN_PASSWORD_LENGTH));
}

/** Why somebody may not have this password; undefined: it will do. */
export async function faultOfPassword(password: string, username: string): Promise<PasswordFault | undefined> {
  // As people count them: a Chinese character outside the BMP is one
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH) return 'tooShort';
  if (length > MAX_PASSWORD_LENGTH) return 'tooLong';
  if (foldedUsername(password) === foldedUsername(username)) return 'ownName';
  common ??= readCommon();
  return (await common).has(password.normalize('NFKC').toLowerCase()) ? 'tooCommon' : undefined;
}
