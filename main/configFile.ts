import { readFileSync, renameSync } from 'node:fs';
import { decodeKioskConfig, describeFaults, type KioskConfig } from '../protocol/kioskConfig.ts';
import { replaceFile } from './replaceFile.ts';

export type ReadConfig =
  | { readonly kind: 'read'; readonly config: KioskConfig }
  | { readonly kind: 'none' }
  /** `keptAs`: where the file lies now; its own name where it could not be moved. `what`: the faults, each by its field. */
  | { readonly kind: 'damaged'; readonly keptAs: string; readonly what: string };

/** Reads the kiosk's configuration. One that cannot be used is put aside, never overwritten and never half used. */
export function readConfigFile(path: string): ReadConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'none' };
    return { kind: 'damaged', keptAs: path, what: error instanceof Error ? error.message : String(error) };
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { kind: 'damaged', keptAs: putAside(path), what: error instanceof Error ? error.message : String(error) };
  }
  const decoded = decodeKioskConfig(content);
  if (decoded.ok) return { kind: 'read', config: decoded.value };
  return { kind: 'damaged', keptAs: putAside(path), what: describeFaults(decoded.faults) };
}

/** Throws the file system's error when the disk refuses; the file is then as it was. */
export function writeConfigFile(path: string, config: KioskConfig): void {
  replaceFile(path, `${JSON.stringify(config, null, 2)}\n`);
}

function putAside(path: string): string {
  const aside = `${path}.damaged`;
  try {
    renameSync(path, aside);
    return aside;
  } catch {
    return path; // a folder that may only be read, say
  }
}
