import { expect, type Page } from '@playwright/test';
import { canvasOf } from '../../renderer/layout/canvas.ts';
import { findSceneFaults } from './sceneFaults.ts';
import { findTextFaults } from './textFaults.ts';

/** The least size of any text on a wall, in design units (visual specification §1). */
const LEAST_UNITS = 18;
/** An empty rectangle of so much of a screen is canvas left over. */
const LEAST_UNUSED = 0.12;

/** Every fault of what is on the wall now, as lines that begin with the element. */
export async function lint(page: Page): Promise<string[]> {
  const size = page.viewportSize();
  if (size === null) throw new Error('the page has no size');
  const { screens } = canvasOf(size.width, size.height);
  const texts = await page.evaluate(findTextFaults, LEAST_UNITS);
  const places = await page.evaluate(findSceneFaults, { screens, leastUnused: LEAST_UNUSED });
  return [
    ...texts.map(({ kind, element, text, detail }) => `${element}: ${kind} “${text}” ${detail}`),
    ...places.map(({ kind, element, detail }) => `${element}: ${kind} ${detail}`),
  ];
}

/** Shows a scene, as a command names it, in the story that is open. */
export async function show(page: Page, choice: string): Promise<void> {
  await page.evaluate((scene) => showScene(scene), choice);
  await expect(page.getByTestId('wall')).toHaveAttribute('data-scene', choice.split(':')[0] as string);
  await page.evaluate(() => chartsPainted());
}
