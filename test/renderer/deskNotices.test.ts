import { describe, expect, it } from 'vitest';
import type { Alert } from '../../domain/alarm.ts';
import type { ListedAlert } from '../../domain/alertFigures.ts';
import type { BoardFigures } from '../../domain/metrics.ts';
import { keepNotices, newCalls, startNotifier, wantsNotices } from '../../renderer/desk/notify/notifier.ts';

function red(id: string, standing: ListedAlert['standing'] = 'unacknowledged', sinceAt = 0): ListedAlert {
  const alert = { id, raisedAt: 0, unacknowledgedSinceAt: sinceAt } as Alert;
  return { alert, severity: 'critical', standing, overdueMs: 0 };
}
const amber = (id: string): ListedAlert => ({ ...red(id), severity: 'high' });

/** Steps the numbers by hand. */
function desk(mayTell = () => true) {
  let listed: readonly ListedAlert[] | undefined;
  let step = () => {};
  const told: string[][] = [];
  const close = startNotifier({
    figures: {
      figures: () => (listed === undefined ? undefined : ({ alerts: { listed } } as unknown as BoardFigures)),
      subscribe: (listener) => {
        step = listener;
        return () => {
          step = () => {};
        };
      },
    },
    mayTell,
    tell: (fresh) => told.push(fresh.map(({ alert }) => alert.id)),
  });
  return {
    told,
    close,
    show(...next: readonly ListedAlert[]) {
      listed = next;
      step();
    },
    stepWithoutBoard: () => step(),
  };
}

describe('the notices of the desk', () => {
  it('tell of a red that was not there before, once', () => {
    const { show, told } = desk();
    show(red('a'));
    show(red('a'), red('b'));
    show(red('a'), red('b'));
    expect(told).toEqual([['b']]);
  });

  it('tell nothing of what stood there when the desk was opened, however late the board comes', () => {
    const { show, told, stepWithoutBoard } = desk();
    stepWithoutBoard();
    show(red('a'), red('b'));
    expect(told).toEqual([]);
  });

  it('tell nothing of ambers, nor of what somebody holds', () => {
    const { show, told } = desk();
    show();
    show(amber('a'), red('b', 'acknowledged'), red('c', 'shelved'));
    expect(told).toEqual([]);
  });

  it('tell again of one that is asked for again', () => {
    const { show, told } = desk();
    show();
    show(red('a', 'unacknowledged', 1));
    show(red('a', 'acknowledged'));
    show(red('a', 'unacknowledged', 2));
    expect(told).toEqual([['a'], ['a']]);
  });

  it('tell of all that came in one step together', () => {
    const { show, told } = desk();
    show();
    show(red('a'), red('b'), amber('c'));
    expect(told).toEqual([['a', 'b']]);
  });

  it('are asked each time whether they may, and do not catch up on what they might not tell', () => {
    let allowed = false;
    const { show, told } = desk(() => allowed);
    show();
    show(red('a'));
    allowed = true;
    show(red('a'));
    show(red('a'), red('b'));
    expect(told).toEqual([['b']]);
  });

  it('end with the desk', () => {
    const { show, told, close } = desk();
    show();
    close();
    show(red('a'));
    expect(told).toEqual([]);
  });

  it('are off until somebody turns them on in this browser', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    expect(wantsNotices(storage)).toBe(false);
    keepNotices(true, storage);
    expect(wantsNotices(storage)).toBe(true);
    keepNotices(false, storage);
    expect(kept.size).toBe(0);
  });

  it('know what calls', () => {
    expect([...newCalls(undefined, [red('a', 'unacknowledged', 7)]).known]).toEqual(['a 7']);
  });
});
