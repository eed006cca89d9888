import { expect, test } from 'vitest';
import {
  decodeEventFrame,
  decodePulse,
  decodeSubscribeAnswer,
  decodeSubscribeRequest,
  decodeWallCommand,
} from '../../protocol/decode.ts';

const frame = {
  epoch: 'e1',
  fromSeq: 8,
  toSeq: 8,
  at: '2026-03-18T10:06:00+08:00',
  events: [
    {
      type: 'stepTaken',
      ticketId: 'T-1',
      at: '2026-03-18T10:05:00+08:00',
      recordedAt: '2026-03-18T10:06:00+08:00',
      step: 'dispatch',
      status: 'dispatched',
      flags: [],
    },
  ],
};

test('W50 a field that a newer server adds is left out', () => {
  const [event] = frame.events;
  expect(decodeEventFrame(structuredClone({ ...frame, colour: 'red', events: [{ ...event, mood: 'good' }] }))).toEqual({
    ok: true,
    value: {
      ...frame,
      at: Date.parse(frame.at),
      events: [{ ...event, at: Date.parse('2026-03-18T10:05:00+08:00'), recordedAt: Date.parse(frame.at) }],
    },
  });
});

test.each([
  [{ ...frame, events: [{ ...frame.events[0], step: 'report' }] }, /^events\.0\.step/],
  [{ ...frame, events: [{ ...frame.events[0], at: 'yesterday' }] }, /^events\.0\.at: not an instant/],
  [{ ...frame, events: [{ ...frame.events[0], at: 5 }] }, /^events\.0\.at/],
  [{ ...frame, events: [{ ...frame.events[0], type: 'ticketPraised' }] }, /^events\.0/],
  [{ ...frame, events: [{ ...frame.events[0], by: undefined }] }, /^events\.0\.by/],
  [{ ...frame, fromSeq: -1 }, /^fromSeq/],
  [{ ...frame, events: 'none' }, /^events/],
  [null, /^\(whole\)/],
])('W50 what does not fit is refused by its path: %#', (input, reason) => {
  expect(decodeEventFrame(structuredClone(input))).toEqual({ ok: false, reason: expect.stringMatching(reason) });
});

test('W16 the gap of a wall that comes back is read as instants, and nothing else is', () => {
  const request = { protocol: 1, gap: { sinceAt: frame.at, knownAt: '2026-03-18T02:05:00.250Z' } };
  expect(decodeSubscribeRequest(request)).toEqual({
    ok: true,
    value: {
      protocol: 1,
      gap: { sinceAt: Date.parse(frame.at), knownAt: Date.parse('2026-03-18T02:05:00.250Z') },
    },
  });
  for (const gap of [{ sinceAt: frame.at }, { sinceAt: 'now', knownAt: frame.at }, { sinceAt: 5, knownAt: 5 }, null]) {
    expect(decodeSubscribeRequest({ protocol: 1, gap }), JSON.stringify(gap)).toEqual({
      ok: false,
      reason: 'malformed',
    });
  }
});

test('W50 a refusal and a pulse decode', () => {
  expect(decodeSubscribeAnswer({ ok: false, reason: 'malformed' })).toEqual({
    ok: true,
    value: { ok: false, reason: 'malformed' },
  });
  expect(decodeSubscribeAnswer({ ok: false, reason: 'tired' }).ok).toBe(false);
  const pulse = {
    epoch: 'e1',
    seq: 3,
    at: frame.at,
    clock: { mode: 'replay', speed: 'max' },
    sources: [{ id: '网格员', kind: 'client', state: 'silent', lastEventAt: null, ageMs: null }],
  };
  expect(decodePulse(structuredClone(pulse))).toEqual({ ok: true, value: { ...pulse, at: Date.parse(frame.at) } });
  expect(decodeWallCommand({ kind: 'reload' }).ok).toBe(true);
  expect(decodeWallCommand({ kind: 'explode' }).ok).toBe(false);
});

test.each([
  [{ protocol: 1 }, 'ok'],
  [{ protocol: 1, epoch: 'e', seq: 0, screens: [{ width: 3840, height: 2160, scale: 2 }] }, 'ok'],
  [{ protocol: 1, later: true }, 'ok'],
  [{ protocol: 2, seq: 'a new kind of place' }, 'incompatible'],
  [{ protocol: 0 }, 'incompatible'],
  [{ protocol: '1' }, 'malformed'],
  [{}, 'malformed'],
  [null, 'malformed'],
  ['1', 'malformed'],
  [{ protocol: 1, epoch: 'e' }, 'malformed'],
  [{ protocol: 1, seq: 4 }, 'malformed'],
  [{ protocol: 1, epoch: 'e', seq: -1 }, 'malformed'],
  [{ protocol: 1, epoch: 'e', seq: 1.5 }, 'malformed'],
  [{ protocol: 1, epoch: 'e'.repeat(65), seq: 1 }, 'malformed'],
  [{ protocol: 1, screens: Array.from({ length: 17 }, () => ({ width: 1, height: 1 })) }, 'malformed'],
  [{ protocol: 1, screens: [{ width: Number.NaN, height: 1 }] }, 'malformed'],
])('W10 W11 the request %j is %s', (input, expected) => {
  const decoded = decodeSubscribeRequest(input);
  expect(decoded.ok ? 'ok' : decoded.reason).toBe(expected);
});
