import { createRequire } from 'node:module';
import { expect } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { openStory, test } from './storyPage.ts';

test.use({ viewport: { width: 1920, height: 1080 } });

/** What moves on the page now: what, how often, how long in ms. */
function movements() {
  return document.getAnimations().map((animation) => {
    const effect = animation.effect as KeyframeEffect;
    const { iterations, duration } = effect.getComputedTiming();
    const target = `${effect.target?.getAttribute('class') ?? ''}${effect.pseudoElement ?? ''}`;
    return { target, forever: iterations === Number.POSITIVE_INFINITY, durationMs: Number(duration) };
  });
}

test.describe('movement', () => {
  test('is the edge of an unacknowledged red, for ever; marks come in once', async ({ page, origin }) => {
    await openStory(page, origin, 'normal', { motion: true });
    const all = await page.evaluate(movements);
    const forever = all.filter(({ forever }) => forever);
    expect(forever.length).toBeGreaterThan(0);
    for (const { target, durationMs } of forever) {
      expect(target).toBe('overdueEdge');
      expect(durationMs).toBe(2000);
    }
    await expect.poll(async () => (await page.evaluate(movements)).filter(({ forever }) => !forever)).toEqual([]);
  });

  test('of a number: from the old to the new over a line, in steps, for 1.2 s, once', async ({ page, origin }) => {
    await page.clock.install();
    await openStory(page, origin, 'changes', { motion: true });
    await page.clock.pauseAt(Date.now() + 60_000);
    const look = () =>
      page.locator('.changing').evaluate((element) => {
        const [old, line] = ['::before', '::after'].map((part) => getComputedStyle(element, part));
        const now = getComputedStyle(element.firstElementChild as Element);
        return [old?.content, Number(old?.opacity), Number(now.opacity), line?.backgroundColor];
      });
    expect((await look())[0]).toBe('none');
    await page.evaluate(() => document.querySelector('button')?.click());
    const seen: unknown[][] = [];
    for (let ms = 0; ms <= 1300; ms += 100) {
      seen.push(await look());
      await page.clock.runFor(100);
    }
    expect(seen[0]?.slice(0, 3)).toEqual(['"486"', 0.75, 0.25]);
    const shares = seen.map(([, , now]) => Number(now));
    expect(shares.every((share, i) => i === 0 || share >= (shares[i - 1] as number))).toBe(true);
    expect(shares[5]).toBe(1);
    expect(new Set(seen.map(([, , , line]) => line)).size).toBeGreaterThan(3);
    expect(seen.at(-1)?.[0]).toBe('none');
    expect(await page.evaluate(movements)).toEqual([]);
    await expect(page.locator('.changing')).toHaveText('487');
  });

  for (const wish of ['the kiosk is told to stand still', 'the viewer wants less motion'] as const) {
    test(`is none where ${wish}`, async ({ page, origin }) => {
      const viewers = wish === 'the viewer wants less motion';
      if (viewers) await page.emulateMedia({ reducedMotion: 'reduce' });
      await openStory(page, origin, 'normal', { motion: viewers });
      expect(await page.evaluate(movements)).toEqual([]);
      const moving = await page.evaluate(() =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element);
          return animationName !== 'none' || /[1-9]/.test(transitionDuration);
        }),
      );
      expect(moving).toEqual([]);

      await openStory(page, origin, 'changes', { motion: viewers });
      await page.getByRole('button').click();
      await expect(page.locator('.changing')).toHaveText('487');
      await expect(page.locator('.changing[data-before]')).toHaveCount(0);
      expect(await page.evaluate(movements)).toEqual([]);
    });
  }
});

test.describe('the care of the screen', () => {
  const colours = () => ({
    token: getComputedStyle(document.documentElement).getPropertyValue('--fg0'),
    ground: getComputedStyle(document.body).backgroundColor,
    clock: getComputedStyle(document.querySelector('.headerClock') as Element).color,
  });

  test('dims the wall in the night of its district', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await expect(page.locator('html')).toHaveAttribute('data-night', 'false');
    const day = await page.evaluate(colours);
    await openStory(page, origin, 'night');
    await expect(page.locator('.headerClock')).toHaveText('22:42:08');
    await expect(page.locator('html')).toHaveAttribute('data-night', 'true');
    const night = await page.evaluate(colours);
    expect(day).toEqual({ token: '#eef2f5', ground: 'rgb(16, 20, 26)', clock: 'rgb(238, 242, 245)' });
    expect(night).toEqual({ token: '#bec2c4', ground: 'rgb(13, 16, 21)', clock: 'rgb(190, 194, 196)' });
  });

  for (const motion of [true, false]) {
    test(
      motion ? 'takes the canvas round by ±2 units' : 'leaves it where it is without motion',
      async ({ page, origin }) => {
        await page.clock.install();
        await openStory(page, origin, 'normal', { motion });
        await page.clock.pauseAt(Date.now() + 60_000);
        const places: { x: number; y: number }[] = [];
        for (let step = 0; step < 20; step += 1) {
          await page.clock.runFor(30_000);
          places.push(
            await page.evaluate(() => {
              const { x, y } = document.body.getBoundingClientRect();
              return { x, y };
            }),
          );
        }
        const far = motion ? 2 : 0;
        for (const offsets of [places.map(({ x }) => x), places.map(({ y }) => y)]) {
          expect([Math.min(...offsets), Math.max(...offsets)]).toEqual([-far, far].map((value) => value + 0));
        }
      },
    );
  }
});

test.describe('axe', () => {
  const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  for (const story of ['normal', 'empty', 'offline', 'fault', 'connecting', 'pairing', 'fatal']) {
    test(`finds nothing serious in ${story}`, async ({ page, origin }) => {
      await openStory(page, origin, story);
      await page.addScriptTag({ path: script });
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
      );
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    });
  }
});
