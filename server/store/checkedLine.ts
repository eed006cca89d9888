import { crc32 } from 'node:zlib';

/**
 * One line of the journal, the archive or the audit log: `{"seq":n,"sum":"<crc32 of the payload's JSON, 8 hex digits>","event":{…}}`.
 * Read back byte by byte, without a parser, so that checking a line costs less than parsing it.
 */
export type PayloadKey = 'event' | 'ticket' | 'entry';

export function checkedLine(seq: number, key: PayloadKey, json: string): string {
  return `{"seq":${seq},"sum":"${hex(crc32(json))}","${key}":${json}}\n`;
}

export function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}

export type LineRead =
  /** The payload's JSON lies at [from, to). */
  | { readonly ok: true; readonly seq: number; readonly from: number; readonly to: number }
  | { readonly ok: false; readonly fault: string };

const HEAD = Buffer.from('{"seq":');
const BEFORE_SUM = Buffer.from(',"sum":"');
const SUM_LENGTH = 8;
const CLOSING_BRACE = 0x7d;

function holds(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let i = 0; i < expected.length; i += 1) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

function hexValue(bytes: Buffer, at: number): number {
  let value = 0;
  for (let i = at; i < at + SUM_LENGTH; i += 1) {
    const code = bytes[i] as number;
    const digit = code >= 0x30 && code <= 0x39 ? code - 0x30 : code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

const beforePayload: Readonly<Record<PayloadKey, Buffer>> = {
  event: Buffer.from('","event":'),
  ticket: Buffer.from('","ticket":'),
  entry: Buffer.from('","entry":'),
};

/** Checks the line at [from, to) of `bytes`, its line feed not included. */
export function readCheckedLine(bytes: Buffer, from: number, to: number, key: PayloadKey): LineRead {
  const opening = beforePayload[key];
  let at = from + HEAD.length;
  let seq = 0;
  let digits = 0;
  for (; at < to; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    seq = seq * 10 + digit;
    digits += 1;
  }
  const sumAt = at + BEFORE_SUM.length;
  const payloadAt = sumAt + SUM_LENGTH + opening.length;
  if (
    digits === 0 ||
    payloadAt >= to ||
    !holds(bytes, from, HEAD) ||
    !holds(bytes, at, BEFORE_SUM) ||
    !holds(bytes, sumAt + SUM_LENGTH, opening) ||
    bytes[to - 1] !== CLOSING_BRACE
  ) {
    return { ok: false, fault: 'is not a line of this kind of file' };
  }
  if (crc32(bytes.subarray(payloadAt, to - 1)) !== hexValue(bytes, sumAt)) {
    return { ok: false, fault: 'does not match its checksum' };
  }
  return { ok: true, seq, from: payloadAt, to: to - 1 };
}
