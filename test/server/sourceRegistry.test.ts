import { expect, it } from 'vitest';
import type { ClockState } from '../../protocol/wire.ts';
import { createSourceRegistry } from '../../server/ingest/sourceRegistry.ts';
import { smallDeployment } from '../support/domainBuilders.ts';

const START_AT = Date.parse('2026-03-18T10:06:00+08:00');

function registryAt(clockState: ClockState = { mode: 'live', speed: 1 }) {
  let now = START_AT;
  const sources = [
    { id: 'grid', name: { zh: '网格员' }, periodSeconds: 10 },
    { id: '12345', name: { zh: '12345' }, periodSeconds: 60 },
  ];
  return {
    registry: createSourceRegistry({
      deployment: smallDeployment({ sources }),
      now: () => now,
      clockState: () => clockState,
    }),
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    now: () => now,
  };
}

it('lists labels heard of in the order of the deployment, others after', () => {
  const { registry, now } = registryAt();
  for (const label of ['报纸', '12345', 'grid']) registry.heard(label, now());
  expect(registry.strip().map((row) => row.id)).toEqual(['grid', '12345', '报纸']);
});

it('calls a label silent once its pulse is late, never more than 10 s after it was due', () => {
  const { registry, pass, now } = registryAt();
  for (const label of ['grid', '12345', '报纸']) registry.heard(label, now());
  const silent = () =>
    registry
      .strip()
      .filter((row) => row.state === 'silent')
      .map((row) => row.id);
  pass(15);
  expect(silent()).toEqual([]);
  pass(1);
  expect(silent()).toEqual(['grid']);
  pass(49);
  expect(silent()).toEqual(['grid']);
  pass(1);
  // An unlisted one has the longest period
  expect(silent()).toEqual(['grid', '12345', '报纸']);
  registry.heard('12345', now());
  expect(silent()).toEqual(['grid', '报纸']);
});

it('W27 counts periods and ages in real time however fast the clock of the tickets runs', () => {
  const { registry, pass, now } = registryAt({ mode: 'demo', speed: 3600 });
  registry.heard('grid', now());
  pass(15 * 3600);
  expect(registry.strip()[0]).toMatchObject({ id: 'grid', state: 'live', ageMs: 15_000 });
  pass(3600);
  expect(registry.strip()[0]).toMatchObject({ id: 'grid', state: 'silent', ageMs: 16_000 });
});

it('names a listed label that was never heard of, but waits for nobody in a replay', () => {
  const { registry, pass, now } = registryAt();
  registry.heard('grid', now());
  pass(16);
  expect(registry.strip()[1]).toEqual({ id: '12345', kind: 'client', state: 'live', lastEventAt: null, ageMs: null });
  pass(50);
  expect(registry.strip()[1]).toMatchObject({ id: '12345', state: 'silent', ageMs: null });
  const replay = registryAt({ mode: 'replay', speed: 1 });
  replay.pass(3600);
  expect(replay.registry.strip()).toEqual([]);
});

it('takes the word of a replay for its own state, also in the pauses of its data', () => {
  const { registry, pass, now } = registryAt({ mode: 'replay', speed: 1 });
  registry.register('replay:a', 'replay');
  registry.heard('grid', now(), 'replay:a');
  pass(3600);
  expect(registry.strip()).toMatchObject([{ state: 'live' }]);
  expect(registry.rows()).toMatchObject([{ state: 'live' }]);
  registry.setState('replay:a', 'finished');
  expect(registry.strip()).toEqual([
    { id: 'grid', kind: 'replay', state: 'finished', lastEventAt: START_AT, ageMs: 3600_000 },
  ]);
  registry.setState('replay:a', 'failed');
  expect(registry.rows()).toMatchObject([{ id: 'replay:a', kind: 'replay', state: 'failed' }]);
});

it('counts by sender, and takes a pulse for the label that a client is named after', () => {
  const { registry, pass, now } = registryAt();
  registry.register('c1', 'client', 'grid');
  registry.accepted('c1');
  registry.repeated('c1');
  registry.rejected('c1', 'invalid');
  registry.rejected('c1', 'invalid');
  expect(registry.rows()).toEqual([
    {
      id: 'c1',
      kind: 'client',
      name: 'grid',
      state: 'live',
      lastEventAt: START_AT,
      accepted: 1,
      repeated: 1,
      rejected: { invalid: 2 },
    },
  ]);
  pass(5);
  registry.pulsed('c1', now());
  expect(registry.strip()[0]).toMatchObject({ id: 'grid', state: 'live', lastEventAt: START_AT + 5000 });
  // A pulse is no event
  expect(registry.rows()[0]?.lastEventAt).toBe(START_AT);
});

it('keeps a bounded number of labels that nobody listed', () => {
  const { registry, now } = registryAt();
  for (let i = 0; i < 1000; i += 1) registry.heard(`label ${i}`, now());
  registry.heard('grid', now());
  expect(registry.strip()).toHaveLength(34);
  expect(registry.strip()[0]?.id).toBe('grid');
});
