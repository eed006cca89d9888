import { expect, test } from 'vitest';
import { keepAwake } from '../../main/keepAwake.ts';

test('the display is kept lit until it is let go, and that block only', () => {
  const held = new Map<number, string>([[4, 'somebody else’s']]);
  const release = keepAwake({
    start: (type) => {
      held.set(5, type);
      return 5;
    },
    stop: (id) => held.delete(id),
  });
  expect(held.get(5)).toBe('prevent-display-sleep');
  release();
  expect([...held.keys()]).toEqual([4]);
});
