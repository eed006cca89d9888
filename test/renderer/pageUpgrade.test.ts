import { expect, it, vi } from 'vitest';
import { followUpgrades, scriptsOf } from '../../renderer/live/pageUpgrade.ts';
import type { WallSnapshot } from '../../renderer/live/wallStore.ts';

const page = (name: string) =>
  `<html><head><script type="module" crossorigin src="./assets/${name}.js"></script></head>`;

it('reads the scripts that a page names', () => {
  expect(scriptsOf(`${page('index-A1')}<script src="/b.js"></script>`)).toEqual(['./assets/index-A1.js', '/b.js']);
  expect(scriptsOf('<p>starting</p><script>inline()</script>')).toEqual([]);
});

function upgrade(served: () => Promise<string>) {
  let epoch: string | undefined;
  let look = () => {};
  const reload = vi.fn();
  const fetchPage = vi.fn(served);
  followUpgrades({
    store: {
      snapshot: () => (epoch === undefined ? undefined : ({ epoch } as WallSnapshot)),
      subscribe: (listener) => {
        look = listener;
        return () => {};
      },
    },
    fetchPage,
    ownHtml: page('index-A1'),
    reload,
  });
  return {
    reload,
    fetchPage,
    async hear(next: string) {
      epoch = next;
      look();
      look();
      await Promise.allSettled(fetchPage.mock.results.map(({ value }) => value));
      await Promise.resolve();
    },
  };
}

it('asks once after each restart of the server, and loads a page with other scripts', async () => {
  let name = 'index-A1';
  const { reload, fetchPage, hear } = upgrade(async () => page(name));
  await hear('e1');
  expect(fetchPage).not.toHaveBeenCalled();
  await hear('e2');
  expect(fetchPage).toHaveBeenCalledTimes(1);
  expect(reload).not.toHaveBeenCalled();
  name = 'index-B2';
  await hear('e3');
  expect(fetchPage).toHaveBeenCalledTimes(2);
  expect(reload).toHaveBeenCalledTimes(1);
});

it.each([
  ['a server that is away again', () => Promise.reject(new Error('away'))],
  ['an answer that is no page', () => Promise.resolve('{"code":"unavailable"}')],
])('%s changes nothing', async (_what, served) => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { reload, hear } = upgrade(served);
  await hear('e1');
  await hear('e2');
  expect(reload).not.toHaveBeenCalled();
  errors.mockRestore();
});
