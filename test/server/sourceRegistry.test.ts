import { expect, it } from 'vitest';
import { createSourceRegistry } from '../../server/ingest/sourceRegistry.ts';
import { smallDeployment } from '../support/domainBuilders.ts';

const START_AT = Date.parse('2026-03-18T10:06:00+08:00');

function registryAt() {
  let now = START_AT;
  const sources = [
    { id: 'grid', name: { zh: '网格员' }, periodSeconds: 10 },
    { id: '12345', name: { zh: '12345' }, periodSeconds: 60 },
  ];
  return {
    registry: createSourceRegistry({ deployment: smallDeployment({ sources }), now: () => now }),
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

it('calls a label silent after twice its period, an unlisted one after twice the longest', () => {
  const { registry, pass, now } = registryAt();
  for (const label of ['grid', '12345', '报纸']) registry.heard(label, now());
  const silent = () =>
    registry
      .strip()
      .filter((row) => row.state === 'silent')
      .map((row) => row.id);
  pass(20);
  expect(silent()).toEqual([]);
  pass(1);
  expect(silent()).toEqual(['grid']);
  pass(100);
  expect(silent()).toEqual(['grid', '12345', '报纸']);
  registry.heard('12345', now());
  expect(silent()).toEqual(['grid', '报纸']);
});

it('takes the word of a replay for its own state, also in the pauses of its data', () => {
  const { registry, pass, now } = registryAt();
  registry.register('replay:a', 'replay');
  registry.heard('grid', now(), 'replay:a');
  pass(3600);
  expect(registry.strip()).toMatchObject([{ state: 'live' }]);
  expect(registry.rows()).toMatchObject([{ state: 'live' }]);
  registry.setState('replay:a', 'finished');
  expect(registry.strip()).toEqual([{ id: 'grid', kind: 'replay', state: 'finished', lastEventAt: START_AT }]);
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
  expect(registry.strip()).toMatchObject([{ id: 'grid', state: 'live', lastEventAt: START_AT + 5000 }]);
  // A pulse is no event
  expect(registry.rows()[0]?.lastEventAt).toBe(START_AT);
});

it('keeps a bounded number of labels that nobody listed', () => {
  const { registry, now } = registryAt();
  for (let i = 0; i < 1000; i += 1) registry.heard(`label ${i}`, now());
  registry.heard('grid', now());
  expect(registry.strip()).toHaveLength(33);
  expect(registry.strip()[0]?.id).toBe('grid');
});
