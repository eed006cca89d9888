import { createRequire } from 'node:module';
import { expect } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { openStory, test } from './storyPage.ts';
import { findTextFaults } from './textFaults.ts';

const LEAST_UNITS = 18;

test.describe('the set-up', () => {
  test.use({ viewport: { width: 5760, height: 1080 } });

  test('is answered by keyboard alone, and says what follows', async ({ page, origin }) => {
    await openStory(page, origin, 'setup');
    await page.locator('input[name=diagonal]').focus();
    await page.keyboard.type('55');
    await expect(page.locator('input[name=pitch]')).toHaveValue('0.634');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('2.5');
    await expect(page.getByTestId('setup-unit')).toContainText('u = 1.50 像素');
    await expect(page.getByTestId('setup-unit')).toContainText('3 屏，每屏 1,280 × 720 u');
    await expect(page.getByTestId('setup-farthest')).toContainText('最远可坐 2.6 米');
    const digits = page.getByTestId('setup-roles').locator('[data-role=digits]');
    await expect(digits).toHaveText(/小号数字1827\.016\.5 角分16 角分/);
    await expect(page.getByTestId('setup-rows')).toContainText('超期告警 9 行');
    await expect(page.locator('[data-scene-id=dispatch]')).toHaveAttribute('data-fit', 'readable');
    await page.keyboard.press('Enter');
    await expect(page).toHaveTitle('{"screens":3,"pitchMm":0.634,"seatMm":2500}');
  });

  test('refuses what the farthest seat could not read, naming panel and role, and takes no such answer', async ({
    page,
    origin,
  }) => {
    await openStory(page, origin, 'setup');
    await page.locator('input[name=pitch]').fill('0.63');
    await page.locator('input[name=seat]').fill('6');
    const dispatch = page.locator('[data-scene-id=dispatch]');
    await expect(dispatch).toHaveAttribute('data-fit', 'refused');
    const stream = dispatch.locator('[data-refused-panel=stream]');
    await expect(stream).toHaveAttribute('data-roles', 'title body meta digits');
    await expect(stream).toContainText(/事件流：标题 \d+\.\d\/27 角分/);
    await expect(page.getByTestId('setup-refusal')).toBeVisible();
    await expect(page.getByRole('button', { name: '保存' })).toBeDisabled();
    await page.locator('input[name=seat]').press('Enter');
    await expect(page).not.toHaveTitle(/seatMm/);
  });

  test('does not correct who is still writing, nor take what cannot be', async ({ page, origin }) => {
    await openStory(page, origin, 'setup');
    const save = page.getByRole('button', { name: '保存' });
    await page.locator('input[name=seat]').fill('2');
    await expect(save).toBeDisabled();
    await page.locator('input[name=pitch]').fill('0.63');
    await expect(save).toBeEnabled();
    for (const screens of ['', '0', '2.5', '99']) {
      await page.locator('input[name=screens]').fill(screens);
      await expect(save, screens).toBeDisabled();
    }
  });

  for (const language of ['zh-CN', 'en'] as const) {
    test(`has whole and large enough texts in ${language}, and nothing serious for axe`, async ({ page, origin }) => {
      for (const size of [
        { width: 5760, height: 1080 },
        { width: 1920, height: 1080 },
      ]) {
        await page.setViewportSize(size);
        await openStory(page, origin, 'setup', { language });
        await page.locator('input[name=pitch]').fill('0.63');
        await page.locator('input[name=seat]').fill('1.5');
        expect(await page.evaluate(findTextFaults, LEAST_UNITS)).toEqual([]);
      }
      const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
      await page.addScriptTag({ path: script });
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
      );
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    });
  }
});
