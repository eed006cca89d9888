import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ALERT_KINDS, ALERT_STATES, type AlertState, STIMULI, type Stimulus, TRANSITIONS } from '../../domain/alarm.ts';

const document = readFileSync(new URL('../../docs/alarms.md', import.meta.url), 'utf8');

/** The cells of the table whose first row begins so, code marks taken off. */
function tableAfter(heading: string): string[][] {
  const lines = document.slice(document.indexOf(`\n## ${heading}\n`)).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const rows: string[][] = [];
  for (const line of lines.slice(first)) {
    if (!line.startsWith('|')) break;
    rows.push(
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
  }
  return rows;
}

test('docs/alarms.md tells every transition as the code has it, and no other', () => {
  const [head = [], , ...rows] = tableAfter('States and transitions');
  expect(head.slice(1)).toEqual([...ALERT_STATES]);
  expect(rows.map(([stimulus]) => stimulus)).toEqual([...STIMULI]);
  for (const [stimulus, ...cells] of rows) {
    const told = cells.map((cell) => (cell === '—' ? undefined : cell === 'look again' ? 'reevaluate' : cell));
    const built = head.slice(1).map((state) => TRANSITIONS[state as AlertState][stimulus as Stimulus]);
    expect(told, stimulus).toEqual(built);
  }
});

test('docs/alarms.md lists every kind of alert', () => {
  const [, , ...rows] = tableAfter('What raises an alert');
  expect(rows.map(([kind]) => kind).sort()).toEqual([...ALERT_KINDS].sort());
});
